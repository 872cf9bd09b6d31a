package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.NeighbourRequests;
import io.gatun.forwarder.sys.netlink.NeighbourEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;
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
    private static final int REQUESTS_PER_CYCLE = 64;
    private static final int ASKED_MAX = 4_096;
    private static final int DEFERRED_MAX = 256;
    private static final int ADMINISTERED = NeighbourEvent.NUD_PERMANENT | NeighbourEvent.NUD_NOARP;
    private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CONFIRM_NS = TimeUnit.SECONDS.toNanos(15);

    private final ManyToOneRingBuffer queue = new ManyToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(QUEUE_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final Long2ObjectHashMap<MutableLong> askedAtNs = new Long2ObjectHashMap<>();
    /** Asked for again too soon; a frame may wait for the answer, and nobody repeats its request. */
    private final LongArrayList deferred = new LongArrayList();

    private final ServiceBook services;
    private long confirmAtNs;

    Neighbours(ServiceBook services) {
        this.services = services;
    }

    /** The side of one agent; a request that finds the queue full is repeated by the next packet. */
    NeighbourRequests requests() {
        UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
        return nextHop -> {
            message.putLong(0, nextHop);
            queue.write(REQUEST, message, 0, Long.BYTES);
        };
    }

    int doWork(long nowNs, NetworkState network, NextHopTable nextHops) {
        int work = queue.read(
                (type, buffer, index, length) -> ask(buffer.getLong(index), nowNs, network), REQUESTS_PER_CYCLE);
        work += askDeferred(nowNs, network, nextHops);
        if (nowNs - confirmAtNs >= 0) {
            confirmAtNs = nowNs + CONFIRM_NS;
            confirm(network, nextHops);
        }
        return work;
    }

    private void ask(long nextHop, long nowNs, NetworkState network) {
        MutableLong asked = askedAtNs.get(nextHop);
        if (asked != null && nowNs - asked.get() < REPEAT_NS) {
            if (!deferred.containsLong(nextHop) && deferred.size() < DEFERRED_MAX) {
                deferred.addLong(nextHop);
            }
            return;
        }
        if (asked == null) {
            if (askedAtNs.size() >= ASKED_MAX) {
                askedAtNs.clear();
            }
            askedAtNs.put(nextHop, new MutableLong(nowNs));
        } else {
            asked.set(nowNs);
        }
        request(nextHop, network);
    }

    private int askDeferred(long nowNs, NetworkState network, NextHopTable nextHops) {
        int asked = 0;
        for (int i = deferred.size() - 1; i >= 0; i--) {
            long nextHop = deferred.getLong(i);
            MutableLong before = askedAtNs.get(nextHop);
            if (before == null || nowNs - before.get() >= REPEAT_NS) {
                deferred.fastUnorderedRemove(i);
                if (nextHops.macFor(nextHop) < 0) {
                    ask(nextHop, nowNs, network);
                    asked++;
                }
            }
        }
        return asked;
    }

    /**
     * Endpoints always; clients tell us their MAC themselves each time they ask for ours. Entries that an administrator
     * made are left alone: NTF_USE would turn a permanent one into one that ARP must confirm.
     */
    private void confirm(NetworkState network, NextHopTable nextHops) {
        LongHashSet wanted = new LongHashSet();
        for (ServiceBook.Entry entry : services.entries()) {
            for (EndpointSpec endpoint : entry.spec().endpoints()) {
                long hop = nextHops.nextHopFor(Ipv4.toInt((Inet4Address) endpoint.address()));
                if (hop >= 0) {
                    wanted.add(hop);
                }
            }
        }
        for (NeighbourEvent neighbour : network.neighbours()) {
            if ((neighbour.state() & ADMINISTERED) != 0 && neighbour.address() instanceof Inet4Address address) {
                wanted.remove(NextHopTable.nextHop(neighbour.ifindex(), Ipv4.toInt(address)));
            }
        }
        wanted.forEachLong(hop -> request(hop, network));
    }

    private static void request(long nextHop, NetworkState network) {
        network.requestNeighbour(NextHopTable.ifindex(nextHop), Ipv4.toAddress(NextHopTable.address(nextHop)));
    }
}
