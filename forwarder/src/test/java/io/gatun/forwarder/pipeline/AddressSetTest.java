package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
            AddressSet.Builder builder = new AddressSet.Builder();
            for (int i = 0; i < size; i++) {
                AddressSet.Address address = new AddressSet.Address(random.nextInt(2), random.nextInt(500));
                expected.add(address);
                builder.add(address.high(), address.low());
            }
            AddressSet set = builder.build();

            assertFalse(set.isEmpty());
            for (int high = 0; high < 3; high++) {
                for (int low = 0; low < 600; low++) {
                    assertEquals(expected.contains(new AddressSet.Address(high, low)), set.contains(high, low));
                }
            }
        }
    }

    @Test
    void theSameAddressAgainTakesNoRoom() {
        AddressSet.Builder builder = new AddressSet.Builder();
        for (int i = 0; i < 10_000; i++) {
            builder.add(0, i % 3);
        }
        assertTrue(builder.build().capacity() <= 8);
    }

    @Test
    void anEmptyOneHasNothing() {
        AddressSet set = new AddressSet(List.of());
        assertTrue(set.isEmpty());
        assertFalse(set.contains(0, 0));
        assertEquals(-1, set.find(0, 0));
    }
}
