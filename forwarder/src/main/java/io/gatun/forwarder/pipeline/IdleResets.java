package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;

/**
 * The RSTs that both ends of an idle connection get when it is forgotten (contract section 3.6): the conductor queues
 * them, and whichever agent comes first sends them. What does not fit is counted and not sent; the ends then find out
 * when they speak again.
 */
public final class IdleResets {
    private static final int QUEUED_MAX = 4_096;

    private final ManyToManyConcurrentArrayQueue<Reset> queue = new ManyToManyConcurrentArrayQueue<>(QUEUED_MAX);
    private final AtomicLong lost = new AtomicLong();

    /**
     * A RST for whoever sent the packets of one direction, in the name of whom it sent them to.
     *
     * @param sourceHigh of the RST, 0 for IPv4; the others likewise
     * @param ports of the RST, {@code source << 16 | destination}
     * @param sequence what the receiver last acknowledged: it takes no other (RFC 5961 section 3.2)
     * @param acknowledgment the next that it would have sent
     */
    record Reset(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int ports,
            int sequence,
            int acknowledgment,
            long queuedNs) {}

    /** Tells the sender of this direction that its connection has ended. Conductor's thread. */
    public void queue(FlowSlot flow, long nowNs) {
        if (flow.tcpAcknowledged() == 0) {
            return; // it never spoke, and would not believe us
        }
        Reset reset = new Reset(
                flow.destinationHigh(),
                flow.destinationLow(),
                flow.sourceHigh(),
                flow.sourceLow(),
                Integer.rotateLeft(flow.ports(), 16),
                flow.tcpAcknowledged(),
                flow.tcpNext(),
                nowNs);
        if (!queue.offer(reset)) {
            lost.incrementAndGet();
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** The next one, or null. */
    Reset poll() {
        return queue.poll();
    }

    /** For another try. @return whether there is room */
    boolean again(Reset reset) {
        return queue.offer(reset);
    }

    /** How many did not fit since the last call. */
    long takeLost() {
        return lost.get() == 0 ? 0 : lost.getAndSet(0);
    }
}
