package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlowTableAllocationTest {
    private static final int FLOWS = 500_000;
    private static final int BUCKETS_PER_STEP = 16;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FlowTable table = FlowTable.inMemory(new TableLayout(1, 1024));
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot slot = new FlowSlot();
    private final ExpiryPolicy policy = flow -> 1 << 20;

    @ParameterizedTest
    @EnumSource
    void halfAMillionFlowsAllocateNothing(Family family) {
        final long thread = Thread.currentThread().threadId();
        run(family, 1_000);
        final long before = threads.getThreadAllocatedBytes(thread);
        final long meter = threads.getThreadAllocatedBytes(thread) - before;

        final long started = threads.getThreadAllocatedBytes(thread);
        final long packets = run(family, FLOWS);
        final long allocated = threads.getThreadAllocatedBytes(thread) - started - meter;

        assertEquals(FLOWS, packets);
        assertTrue(allocated < 1_024, allocated + " bytes allocated by " + FLOWS + " flows");
    }

    /** Insert, find twice, count, remove; the sweeper keeps up. */
    private long run(Family family, int flows) {
        final LookupAhead ahead = family.lookupAhead(table, 1);
        long packets = 0;
        for (int n = 0; n < flows; n++) {
            ahead.clear();
            ahead.add(family.hash(n));
            ahead.fetch();
            final long slotId = table.insert(family.fill(draft, n, family.hash(n)), n);
            family.find(table, n + 1);
            table.wrap(slot, family.find(table, n, family.hash(n), ahead.slot(0)))
                    .count(64, n);
            packets += slot.packets();
            table.remove(slotId, n);
            table.sweep(n, BUCKETS_PER_STEP, policy);
        }
        return packets;
    }
}
