package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.high;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.ELSEWHERE;
import static io.gatun.forwarder.pipeline.Lan.NODE;
import static io.gatun.forwarder.pipeline.Lan.POD;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By which interface, with which tag and MAC: VLANs, other interfaces, the host. */
class LinkTest {
    private static final int VLAN_LINK = 33;

    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).endpoint("172.18.0.9", 8080),
            ServiceDraft.tcp(VIP, 81).plainDnat().endpoint(ELSEWHERE, 8080),
            ServiceDraft.tcp(VIP, 82).endpoint(NODE, 8080),
            ServiceDraft.tcp(VIP, 83).endpoint(POD, 8080),
            ServiceDraft.tcp(VIP, 84).endpoint("172.18.0.10", 8080),
            ServiceDraft.udp(VIP6, 85).endpoint("fd00:18::9", 8080));

    LinkTest() {
        rig.network(Lan.nextHops()
                .onLink(ip("172.18.0.0"), 16, VLAN_LINK, 0)
                .onLink6(high("fd00:18::"), low("fd00:18::"), 64, VLAN_LINK, 0)
                .vlan(VLAN_LINK, Lan.INTERFACE, 80)
                .neighbour(VLAN_LINK, ip("172.18.0.9"), macOf(ip("172.18.0.9")))
                .neighbour6(VLAN_LINK, high("fd00:18::9"), low("fd00:18::9"), macOf(9))
                .build());
    }

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    @Test
    void theTagIsPutInOnTheWayInAndTakenOutOnTheWayBack() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 80).paddedTo(60);
        WireFrame sent = rig.receiveOne(syn);
        int port = sent.sourcePort();
        assertEquals(
                syn.copy()
                        .from(VIP, port)
                        .to("172.18.0.9", 8080)
                        .forwarded()
                        .vlan(80)
                        .wire(),
                sent);

        Packet reply = tcp("172.18.0.9", 8080, VIP, port).flags(SYN | ACK).vlan(80);
        assertEquals(
                reply.copy().from(VIP, 80).to(CLIENT, 40_000).forwarded().vlan().wire(), rig.receiveOne(reply));
    }

    @Test
    void tagsOfIpv6Too() {
        Packet question = udp(CLIENT6, 40_000, VIP6, 85).payload(payload(9)).sum(Packet.Sum.PARTIAL);
        WireFrame sent = rig.receiveOne(question);
        int port = sent.sourcePort();
        assertEquals(
                question.copy()
                        .from(VIP6, port)
                        .to("fd00:18::9", 8080)
                        .forwarded()
                        .vlan(80)
                        .wire(),
                sent);

        Packet answer = udp("fd00:18::9", 8080, VIP6, port).payload(payload(99)).vlan(80);
        assertEquals(
                answer.copy()
                        .from(VIP6, 85)
                        .to(CLIENT6, 40_000)
                        .forwarded()
                        .vlan()
                        .wire(),
                rig.receiveOne(answer));
    }

    @Test
    void aTaggedFrameWaitsForItsNeighbourWithItsTag() {
        Packet syn = tcp(CLIENT, 40_000, VIP, 84);
        assertEquals(List.of(), rig.receive(syn));
        assertEquals(1, rig.port().held());
        assertEquals(List.of(NextHopTable.nextHop(VLAN_LINK, ip("172.18.0.10"))), rig.asked());
        rig.network(Lan.nextHops()
                .onLink(ip("172.18.0.0"), 16, VLAN_LINK, 0)
                .vlan(VLAN_LINK, Lan.INTERFACE, 80)
                .neighbour(VLAN_LINK, ip("172.18.0.10"), macOf(ip("172.18.0.10")))
                .build());

        rig.cycle();

        WireFrame sent = rig.port().takeSent().getFirst();
        assertEquals(
                syn.copy()
                        .from(VIP, sent.sourcePort())
                        .to("172.18.0.10", 8080)
                        .forwarded()
                        .vlan(80)
                        .wire(),
                sent);
    }

    @Test
    void anotherInterfaceSendsWithItsOwnMac() {
        rig.exits().add(Lan.OTHER_INTERFACE);
        Packet syn = tcp(CLIENT, 40_000, VIP, 81);

        assertEquals(List.of(), rig.receive(syn));

        WireFrame wanted = syn.copy()
                .to(ELSEWHERE, 8080)
                .forwarded()
                .macs(macOf(ip(ELSEWHERE)), MemoryEgress.macOn(Lan.OTHER_INTERFACE))
                .wire();
        assertEquals(
                List.of(new MemoryEgress.Sent(Lan.OTHER_INTERFACE, wanted)),
                rig.exits().take());
        assertEquals("flows_opened 1, rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void whatAnotherInterfaceLeavesIsADrop() {
        rig.exits().add(Lan.OTHER_INTERFACE).full();

        assertEquals(List.of(), rig.receive(tcp(CLIENT, 40_000, VIP, 81)));

        assertEquals("drop_egress_full 1, flows_opened 1, rx_packets 1", rig.counted());
    }

    @Test
    void theOffloadGoesAlong() {
        rig.exits().add(Lan.OTHER_INTERFACE);
        Packet data = tcp(CLIENT, 40_000, VIP, 81).sum(Packet.Sum.PARTIAL);

        rig.receive(data, Offload.PARTIAL);

        assertEquals(Offload.PARTIAL, rig.exits().take().getFirst().frame().offload());
    }

    @Test
    void theNodeItselfAndWhatIsBehindUnservedLinksIsReachedThroughTheLocalPair() {
        rig.localPair();
        for (int port : new int[] {82, 83}) {
            Packet syn = tcp(CLIENT, 40_000, VIP, port);
            assertEquals(List.of(), rig.receive(syn));
            MemoryEgress.Sent sent = rig.exits().take().getFirst();
            assertEquals(Lan.LOCAL_INTERFACE, sent.interfaceIndex());
            assertEquals(
                    syn.copy()
                            .from(VIP, sent.frame().sourcePort())
                            .to(port == 82 ? NODE : POD, 8080)
                            .forwarded()
                            .macs(MemoryEgress.HOST_MAC, MemoryEgress.macOn(Lan.LOCAL_INTERFACE))
                            .wire(),
                    sent.frame());
        }
    }

    @Test
    void withoutTheLocalPairTheyAreNowhere() {
        assertEquals(List.of(), rig.receive(tcp(CLIENT, 40_000, VIP, 82), tcp(CLIENT, 40_000, VIP, 83)));

        assertEquals("drop_no_route 2, flows_opened 2, rx_packets 2", rig.counted());
    }
}
