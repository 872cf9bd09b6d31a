package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.INTERFACE;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Packets towards an endpoint whose MAC is not known yet. */
class HeldFramesTest {
    private static final long MAC = 0x02AA_BBCC_DDEEL;

    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.udp(VIP, 53).plainDnat().endpoint(UNRESOLVED, 53),
            ServiceDraft.tcp(VIP, 80).plainDnat().endpoint(E1, 80));

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    @Test
    void theyWaitAndGoOutInOrder() {
        assertEquals(List.of(), rig.receive(datagram(1), datagram(2)));
        assertEquals(List.of(), rig.receive(datagram(3)));
        assertEquals(3, rig.port().held());
        assertEquals(Set.of(NextHopTable.nextHop(INTERFACE, ip(UNRESOLVED))), Set.copyOf(rig.asked()));
        assertEquals("flows_opened 1, rx_packets 3", rig.counted());

        resolve();
        rig.cycle();

        assertEquals(List.of(sent(1), sent(2), sent(3)), rig.port().takeSent());
        assertEquals("tx_packets 3", rig.counted());
        assertEquals(0, rig.port().held());
    }

    @Test
    void aLaterPacketDoesNotOvertakeThem() {
        rig.receive(datagram(1));
        resolve();

        assertEquals(List.of(sent(1), sent(2)), rig.receive(datagram(2)));
    }

    @Test
    void theyAreGivenUpAfterASecond() {
        rig.receive(datagram(1));
        rig.advance(400, TimeUnit.MILLISECONDS);
        rig.receive(datagram(2));
        rig.advance(599, TimeUnit.MILLISECONDS).cycle();
        assertEquals(2, rig.port().held());
        rig.counted();

        rig.advance(1, TimeUnit.MILLISECONDS).cycle();
        assertEquals(1, rig.port().held());
        assertEquals("drop_neighbour_unresolved 1", rig.counted());
        rig.advance(400, TimeUnit.MILLISECONDS).cycle();
        assertEquals(0, rig.port().held());
        assertEquals("drop_neighbour_unresolved 1", rig.counted());
    }

    @Test
    void theClockMayShowAnything() {
        rig.at(Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(500));
        rig.receive(datagram(1));
        rig.advance(900, TimeUnit.MILLISECONDS).cycle();
        assertEquals(1, rig.port().held());
        rig.advance(100, TimeUnit.MILLISECONDS).cycle();
        assertEquals(0, rig.port().held());
    }

    @Test
    void noMoreThan256Wait() {
        for (int i = 0; i < 300; i++) {
            rig.receive(datagram(i % 200));
        }

        assertEquals(256, rig.port().held());
        assertEquals("drop_neighbour_unresolved 44, flows_opened 1, rx_packets 300", rig.counted());
    }

    @Test
    void othersDoNotWaitWithThem() {
        rig.receive(datagram(1));

        assertEquals(ip(E1), rig.receiveOne(tcp(CLIENT, 40_000, VIP, 80)).destination());
    }

    private void resolve() {
        rig.network(Lan.nextHops().neighbour(INTERFACE, ip(UNRESOLVED), MAC).build());
    }

    private static Packet datagram(int length) {
        return udp(CLIENT, 5000, VIP, 53).payload(payload(length)).sum(Packet.Sum.PARTIAL);
    }

    private static WireFrame sent(int length) {
        return datagram(length).to(UNRESOLVED, 53).forwardedVia(MAC).wire();
    }
}
