package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.nexthop.NextHop;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.NeighbourRequests;
import io.gatun.forwarder.sys.netlink.NeighbourEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.collections.MutableLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Asks the kernel to resolve next hops that agents miss, and to confirm those in use: our packets bypass its stack, so
 * that it does not know that the entries are needed.
 */
final class Neighbours {
    private static final int QUEUE_BYTES = 1 << 16;
    private static final int REQUEST = 1;
    /** A request: ifindex, high, low, each in eight bytes. */
    private static final int HIGH_OFFSET = 8;

    private static final int LOW_OFFSET = 16;
    private static final int HOP_BYTES = 24;
    private static final int REQUESTS_PER_CYCLE = 64;
    private static final int ASKED_MAX = 4_096;
    private static final int DEFERRED_MAX = 256;
    private static final int ADMINISTERED = NeighbourEvent.NUD_PERMANENT | NeighbourEvent.NUD_NOARP;
    private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CONFIRM_NS = TimeUnit.SECONDS.toNanos(15);

    private final ManyToOneRingBuffer queue = new ManyToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(QUEUE_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final Map<Hop, MutableLong> askedAtNs = new HashMap<>();
    /** Asked for again too soon; a frame may wait for the answer, and nobody repeats its request. */
    private final Set<Hop> deferred = new LinkedHashSet<>();

    private final ServiceBook services;
    private final NextHop way = new NextHop();
    private long confirmAtNs;

    /** A neighbour of either family. */
    private record Hop(int ifindex, long high, long low) {
        static Hop of(NeighbourEvent neighbour) {
            return new Hop(
                    neighbour.ifindex(), Addresses.high(neighbour.address()), Addresses.low(neighbour.address()));
        }
    }

    Neighbours(ServiceBook services) {
        this.services = services;
    }

    /** The side of one agent; a request that finds the queue full is repeated by the next packet. */
    NeighbourRequests requests() {
        UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(HOP_BYTES));
        return (ifindex, high, low) -> {
            message.putLong(0, ifindex);
            message.putLong(HIGH_OFFSET, high);
            message.putLong(LOW_OFFSET, low);
            queue.write(REQUEST, message, 0, HOP_BYTES);
        };
    }

    int doWork(long nowNs, NetworkState network, NextHopTable nextHops) {
        int work = queue.read(
                (type, buffer, index, length) -> ask(hopAt(buffer, index), nowNs, network), REQUESTS_PER_CYCLE);
        work += askDeferred(nowNs, network, nextHops);
        if (nowNs - confirmAtNs >= 0) {
            confirmAtNs = nowNs + CONFIRM_NS;
            confirm(network, nextHops);
        }
        return work;
    }

    private static Hop hopAt(DirectBuffer buffer, int index) {
        return new Hop(
                (int) buffer.getLong(index), buffer.getLong(index + HIGH_OFFSET), buffer.getLong(index + LOW_OFFSET));
    }

    private void ask(Hop hop, long nowNs, NetworkState network) {
        MutableLong asked = askedAtNs.get(hop);
        if (asked != null && nowNs - asked.get() < REPEAT_NS) {
            if (deferred.size() < DEFERRED_MAX) {
                deferred.add(hop);
            }
            return;
        }
        if (asked == null) {
            if (askedAtNs.size() >= ASKED_MAX) {
                askedAtNs.clear();
            }
            askedAtNs.put(hop, new MutableLong(nowNs));
        } else {
            asked.set(nowNs);
        }
        request(hop, network);
    }

    private int askDeferred(long nowNs, NetworkState network, NextHopTable nextHops) {
        List<Hop> due = new ArrayList<>();
        for (Hop hop : deferred) {
            MutableLong before = askedAtNs.get(hop);
            if (before == null || nowNs - before.get() >= REPEAT_NS) {
                due.add(hop);
            }
        }
        due.forEach(deferred::remove);
        int asked = 0;
        for (Hop hop : due) {
            if (nextHops.macFor(hop.ifindex(), hop.high(), hop.low()) < 0) {
                ask(hop, nowNs, network);
                asked++;
            }
        }
        return asked;
    }

    /**
     * Endpoints always; clients tell us their MAC themselves each time they ask for ours. Entries that an administrator
     * made are left alone: NTF_USE would turn a permanent one into one that must be confirmed.
     */
    private void confirm(NetworkState network, NextHopTable nextHops) {
        Set<Hop> wanted = new LinkedHashSet<>();
        for (ServiceBook.Entry entry : services.entries()) {
            for (EndpointSpec endpoint : entry.spec().endpoints()) {
                long high = Addresses.high(endpoint.address());
                if (nextHops.lookup6(high, Addresses.low(endpoint.address()), way) == NextHopTable.FOUND) {
                    wanted.add(new Hop(way.ifindex(), way.high(), way.low()));
                }
            }
        }
        for (NeighbourEvent neighbour : network.neighbours()) {
            if ((neighbour.state() & ADMINISTERED) != 0) {
                wanted.remove(Hop.of(neighbour));
            }
        }
        wanted.forEach(hop -> request(hop, network));
    }

    private static void request(Hop hop, NetworkState network) {
        network.requestNeighbour(hop.ifindex(), Addresses.of(hop.high(), hop.low()));
    }
}
