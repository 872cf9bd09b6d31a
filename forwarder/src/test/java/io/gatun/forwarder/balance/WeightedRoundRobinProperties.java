package io.gatun.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WeightedRoundRobinProperties {
    @Property
    void sharesAreThoseOfTheWeights(@ForAll @Size(min = 1, max = 32) List<@IntRange(max = 65_535) Integer> raw) {
        int[] weights = raw.stream().mapToInt(Integer::intValue).toArray();
        long sum = Arrays.stream(weights).sum();
        int flows = 4 * WeightedRoundRobin.TURNS_MAX;
        int[] chosen = chosen(weights, sum == 0 ? 0 : flows);
        for (int i = 0; i < weights.length; i++) {
            double share = sum == 0 ? 0 : flows * (double) weights[i] / sum;
            // A turn too many or too few in each round, and what a round that is cut off leaves.
            assertEquals(share, chosen[i], 0.01 * share + 12, "endpoint " + i + " of " + Arrays.toString(weights));
            assertEquals(weights[i] == 0, chosen[i] == 0, "endpoint " + i + " of " + Arrays.toString(weights));
        }
    }

    @Property
    void smallWeightsAreExact(@ForAll @Size(min = 1, max = 8) List<@IntRange(max = 20) Integer> raw) {
        int[] weights = raw.stream().mapToInt(Integer::intValue).toArray();

        assertArrayEquals(weights, chosen(weights, Arrays.stream(weights).sum()));
    }

    private static int[] chosen(int[] weights, int flows) {
        boolean[] usable = new boolean[weights.length];
        Arrays.fill(usable, true);
        WeightedRoundRobin policy = new WeightedRoundRobin(weights, usable, new AtomicLong());
        int[] chosen = new int[weights.length];
        for (int i = 0; i < flows; i++) {
            chosen[policy.choose(i)]++;
        }
        return chosen;
    }
}
