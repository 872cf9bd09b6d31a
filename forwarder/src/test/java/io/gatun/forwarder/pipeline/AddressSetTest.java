package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressSetTest {
    private static final int SEED = 7;

    @Test
    void hasWhatWasAddedAndNothingElse() {
        Random random = new Random(SEED);
        for (int size : new int[] {1, 2, 3, 100, 1_000}) {
            Set<AddressSet.Address> expected = new HashSet<>();
            for (int i = 0; i < size; i++) {
                expected.add(new AddressSet.Address(random.nextInt(2), random.nextInt(500)));
            }
            AddressSet set = new AddressSet(expected);
            Set<AddressSet.Address> listed = new HashSet<>();
            set.forEach((high, low) -> assertTrue(listed.add(new AddressSet.Address(high, low))));

            assertEquals(expected, listed);
            assertFalse(set.isEmpty());
            for (int high = 0; high < 3; high++) {
                for (int low = 0; low < 600; low++) {
                    assertEquals(expected.contains(new AddressSet.Address(high, low)), set.contains(high, low));
                }
            }
        }
    }

    @Test
    void theSameAddressAgainIsOne() {
        AddressSet.Address address = new AddressSet.Address(0, 5);
        List<AddressSet.Address> listed = new ArrayList<>();

        new AddressSet(List.of(address, address)).forEach((high, low) -> listed.add(new AddressSet.Address(high, low)));

        assertEquals(List.of(address), listed);
    }

    @Test
    void anEmptyOneHasNothing() {
        AddressSet set = new AddressSet(List.of());
        assertTrue(set.isEmpty());
        assertFalse(set.contains(0, 0));
        assertEquals(-1, set.find(0, 0));
    }
}
