package io.gatun.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaglevTest {
    private static final int FLOWS = 200_000;

    private static long[] identities(int count) {
        long[] identities = new long[count];
        for (int i = 0; i < count; i++) {
            identities[i] = (0xC0A8_5065L + i) << 16 | 8080;
        }
        return identities;
    }

    private static boolean[] usable(int count) {
        boolean[] usable = new boolean[count];
        Arrays.fill(usable, true);
        return usable;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 32})
    void sharesAreEven(int count) {
        Maglev maglev = new Maglev(identities(count), usable(count));
        int[] shares = new int[count];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < FLOWS; i++) {
            shares[maglev.choose(random.nextInt())]++;
        }
        double even = (double) FLOWS / count;
        for (int share : shares) {
            assertTrue(Math.abs(share - even) < even * 0.05, Arrays.toString(shares));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 32})
    void flowsOfOtherEndpointsStayWhenOneGoes(int count) {
        Maglev all = new Maglev(identities(count), usable(count));
        for (int gone = 0; gone < count; gone++) {
            boolean[] rest = usable(count);
            rest[gone] = false;
            Maglev fewer = new Maglev(identities(count), rest);
            int moved = 0;
            int others = 0;
            for (int hash = 0; hash < Maglev.PLACES; hash++) {
                assertNotEquals(gone, fewer.choose(hash));
                if (all.choose(hash) != gone) {
                    others++;
                    moved += all.choose(hash) == fewer.choose(hash) ? 0 : 1;
                }
            }
            assertTrue(moved <= others * 0.02, moved + " of " + others + " flows of others moved");
        }
    }

    @Test
    void theOrderOfEndpointsBeforeOneThatIsAddedStays() {
        Maglev two = new Maglev(identities(2), usable(2));
        Maglev again = new Maglev(identities(2), usable(2));
        for (int hash = 0; hash < Maglev.PLACES; hash++) {
            assertEquals(two.choose(hash), again.choose(hash));
        }
    }

    @Test
    void lookingChangesNothing() {
        Maglev maglev = new Maglev(identities(3), usable(3));
        for (int hash = -50; hash < 50; hash++) {
            int seen = maglev.peek(hash);
            assertEquals(seen, maglev.peek(hash));
            assertEquals(seen, maglev.choose(hash));
        }
    }

    @Test
    void withoutAUsableEndpointThereIsNone() {
        assertEquals(Policy.NONE, new Maglev(identities(2), new boolean[2]).choose(12_345));
        assertEquals(Policy.NONE, new Maglev(new long[0], new boolean[0]).choose(12_345));
    }
}
