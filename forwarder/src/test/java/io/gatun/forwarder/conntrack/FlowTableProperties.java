package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The table against a HashMap, one thread, small enough that buckets overflow and neighbourhoods fill. */
class FlowTableProperties {
    private static final int TICKS_PER_STEP = 100;
    private static final int KEYS = 80;

    /** Which tuples a run uses. */
    enum Mix {
        IPV4,
        IPV6,
        BOTH
    }

    @Property(tries = 450)
    void behavesAsAMap(@ForAll Mix mix, @ForAll("steps") List<Integer> steps) {
        final FlowTable table = FlowTable.inMemory(new TableLayout(1, 4));
        final Map<Integer, Long> model = new HashMap<>();
        int now = Integer.MAX_VALUE - 5_000;
        for (final int step : steps) {
            now += TICKS_PER_STEP;
            final int key = step % KEYS;
            switch (step / KEYS) {
                case 0, 1 -> insert(table, mix, model, key, now);
                case 2 -> remove(table, mix, model, key, now);
                default -> table.sweep(now, 2, flow -> 1 << 29);
            }
            assertEquals(model.size(), table.liveCount());
        }
        model.forEach((key, slotId) -> assertEquals(slotId, find(table, mix, key)));
        assertEquals(model.size(), table.forEachLive((flow, slotId) -> {}, Integer.MAX_VALUE));
        model.forEach((key, slotId) -> assertTrue(table.remove(slotId, 0)));
        assertEquals(0, Flows.overflowSum(table));
    }

    @Property(tries = 200)
    void hashSpreadsOverBuckets(@ForAll Family family, @ForAll int seed) {
        final int[] load = new int[64];
        for (int n = 0; n < 6_400; n++) {
            load[Control.homeBits(family.hash(seed + n)) & 63]++;
        }
        for (final int flows : load) {
            assertTrue(flows > 40 && flows < 180, "100 expected, " + flows + " found");
        }
    }

    @Property
    void deadSinceIsSignedAndWraps(@ForAll int tick, @ForAll short age) {
        assertEquals(age, Control.deadFor(Control.dead(tick), tick + age));
    }

    @Provide
    Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers().between(0, KEYS * 4 - 1).list().ofMaxSize(400);
    }

    private static void insert(FlowTable table, Mix mix, Map<Integer, Long> model, int key, int now) {
        final long result = table.insert(family(mix, key).fill(new FlowDraft(), key, hash(mix, key)), now);
        if (model.containsKey(key)) {
            assertTrue(FlowTable.isExisting(result));
            assertEquals(model.get(key), FlowTable.existing(result));
        } else if (result != FlowTable.FULL) {
            assertFalse(model.containsValue(result));
            model.put(key, result);
        }
    }

    private static void remove(FlowTable table, Mix mix, Map<Integer, Long> model, int key, int now) {
        final Long slotId = model.remove(key);
        assertEquals(slotId == null ? FlowTable.NOT_FOUND : slotId, find(table, mix, key));
        if (slotId != null) {
            assertTrue(table.remove(slotId, now));
        }
    }

    /** Half of the keys share one hash. */
    private static int hash(Mix mix, int key) {
        return key % 2 == 0 ? 0 : family(mix, key).hash(key);
    }

    private static long find(FlowTable table, Mix mix, int key) {
        return family(mix, key).find(table, key, hash(mix, key));
    }

    private static Family family(Mix mix, int key) {
        return switch (mix) {
            case IPV4 -> Family.IPV4;
            case IPV6 -> Family.IPV6;
            case BOTH -> Family.inTurns(key);
        };
    }
}
