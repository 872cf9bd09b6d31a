package io.gatun.forwarder.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class FlowTableAllocationTest {
    private static final int FLOWS = 1_000_000;
    private static final int BUCKETS_PER_STEP = 8;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FlowTable table = FlowTable.inMemory(new TableLayout(1, 1024));
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot slot = new FlowSlot();
    private final ExpiryPolicy policy = flow -> 1 << 20;

    @Test
    void aMillionFlowsAllocateNothing() {
        final long thread = Thread.currentThread().threadId();
        run(1_000);
        final long before = threads.getThreadAllocatedBytes(thread);
        final long meter = threads.getThreadAllocatedBytes(thread) - before;

        final long started = threads.getThreadAllocatedBytes(thread);
        final long packets = run(FLOWS);
        final long allocated = threads.getThreadAllocatedBytes(thread) - started - meter;

        assertEquals(FLOWS, packets);
        assertTrue(allocated < 1_024, allocated + " bytes allocated by " + FLOWS + " flows");
    }

    /** Insert, find twice, count, remove; the sweeper keeps up. */
    private long run(int flows) {
        long packets = 0;
        for (int n = 0; n < flows; n++) {
            table.touch(Flows.hash(n));
            final long slotId = table.insert(Flows.fill(draft, n), n);
            Flows.find(table, n + 1);
            table.wrap(slot, Flows.find(table, n)).count(64, n);
            packets += slot.packets();
            table.remove(slotId, n);
            table.sweep(n, BUCKETS_PER_STEP, policy);
        }
        return packets;
    }
}
