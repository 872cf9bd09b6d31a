package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Sends what is in {@link IdleResets}, a few in each duty cycle. */
final class IdleResetSender {
    private static final int PER_CYCLE = 16;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int IP_OFFSET = Egress.HEADROOM + EthernetFlyweight.LENGTH + EthernetFlyweight.TAG_LENGTH;
    private static final int FLAGS = TransportFlyweight.RST | TransportFlyweight.ACK;
    private static final int LENGTH_MAX = IP_OFFSET + Ipv6Flyweight.LENGTH + TransportFlyweight.TCP_LENGTH_MIN;

    private final IdleResets resets;
    private final NextHops nextHops;
    private final AgentCounters counters;
    private final Cycle cycle;
    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH_MAX));
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final TransportFlyweight tcp = new TransportFlyweight();

    IdleResetSender(IdleResets resets, NextHops nextHops, AgentCounters counters, Cycle cycle) {
        this.resets = resets;
        this.nextHops = nextHops;
        this.counters = counters;
        this.cycle = cycle;
    }

    boolean hasWork() {
        return !resets.isEmpty();
    }

    /** Sends some. @return how many were looked at */
    int send() {
        counters.idleResetsLost(resets.takeLost());
        int done = 0;
        while (done < PER_CYCLE) {
            IdleResets.Reset reset = resets.poll();
            if (reset == null) {
                return done;
            }
            done++;
            DropReason refused = isIpv4(reset) ? send4(reset) : send6(reset);
            if (refused == null) {
                counters.idleResetSent();
            } else if (refused != DropReason.NEIGHBOUR_UNRESOLVED || !waits(reset)) {
                counters.idleResetsLost(1);
            }
        }
        return done;
    }

    /** Its receiver's MAC was asked for. */
    private boolean waits(IdleResets.Reset reset) {
        return cycle.nowNs() - reset.queuedNs() < PATIENCE_NS && resets.again(reset);
    }

    private static boolean isIpv4(IdleResets.Reset reset) {
        return AddressSet.isMapped(reset.destinationHigh(), reset.destinationLow());
    }

    private DropReason send4(IdleResets.Reset reset) {
        int source = (int) reset.sourceLow();
        int destination = (int) reset.destinationLow();
        int length = Ipv4Flyweight.LENGTH_MIN + TransportFlyweight.TCP_LENGTH_MIN;
        ip.wrap(frame, IP_OFFSET).header(Ipv4Flyweight.PROTOCOL_TCP, length, source, destination);
        long pseudoHeader = InternetChecksum.pseudoHeader(
                source, destination, Ipv4Flyweight.PROTOCOL_TCP, TransportFlyweight.TCP_LENGTH_MIN);
        segment(reset, IP_OFFSET + Ipv4Flyweight.LENGTH_MIN, pseudoHeader);
        return nextHops.sendOwn(frame, IP_OFFSET, length, destination);
    }

    private DropReason send6(IdleResets.Reset reset) {
        ip6.wrap(frame, IP_OFFSET)
                .header(
                        Ipv4Flyweight.PROTOCOL_TCP,
                        TransportFlyweight.TCP_LENGTH_MIN,
                        reset.sourceHigh(),
                        reset.sourceLow(),
                        reset.destinationHigh(),
                        reset.destinationLow());
        long pseudoHeader = InternetChecksum.pseudoHeader6(
                reset.sourceHigh(),
                reset.sourceLow(),
                reset.destinationHigh(),
                reset.destinationLow(),
                Ipv4Flyweight.PROTOCOL_TCP,
                TransportFlyweight.TCP_LENGTH_MIN);
        segment(reset, IP_OFFSET + Ipv6Flyweight.LENGTH, pseudoHeader);
        return nextHops.sendOwn6(
                frame,
                IP_OFFSET,
                Ipv6Flyweight.LENGTH + TransportFlyweight.TCP_LENGTH_MIN,
                reset.destinationHigh(),
                reset.destinationLow());
    }

    private void segment(IdleResets.Reset reset, int offset, long pseudoHeader) {
        tcp.wrap(frame, offset, Ipv4Flyweight.PROTOCOL_TCP)
                .tcpHeader(reset.ports(), reset.sequence(), reset.acknowledgment(), FLAGS);
        long sum = pseudoHeader + InternetChecksum.sum(frame, offset, TransportFlyweight.TCP_LENGTH_MIN);
        tcp.checksum(InternetChecksum.of(sum));
    }
}
