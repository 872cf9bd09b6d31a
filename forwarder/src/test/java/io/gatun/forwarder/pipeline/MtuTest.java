package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.GATUN_MAC;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.high;
import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.NODE;
import static io.gatun.forwarder.pipeline.Lan.ROUTER;
import static io.gatun.forwarder.pipeline.Lan.ROUTER6;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that are too big for their way, and those whose life ends here: the sender is told. */
class MtuTest {
    private static final int SMALL = 1_400;

    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP, 80).endpoint("10.9.0.1", 8080),
            ServiceDraft.tcp(VIP6, 80).endpoint("fd00:11::1", 8080),
            ServiceDraft.tcp(VIP6, 64).id(64).snat(NODE, 1_024, 65_535).endpoint("10.9.0.1", 8080),
            ServiceDraft.tcp(VIP, 81).endpoint(E1, 8080));

    MtuTest() {
        rig.network(Lan.nextHops()
                .route(ip("10.9.0.0"), 16, 0, Packets.low(ROUTER), Lan.INTERFACE, 0, SMALL)
                .route6(high("fd00:11::"), 0, 32, high(ROUTER6), low(ROUTER6), Lan.INTERFACE, 0, SMALL)
                .build());
    }

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    private static Packet data(boolean ipv6, int ipBytes) {
        return tcp(ipv6 ? CLIENT6 : CLIENT, 40_000, ipv6 ? VIP6 : VIP, 80)
                .flags(PSH | ACK)
                .payload(payload(ipBytes - (ipv6 ? 60 : 40)));
    }

    private void open(boolean ipv6) {
        rig.receiveOne(tcp(ipv6 ? CLIENT6 : CLIENT, 40_000, ipv6 ? VIP6 : VIP, 80));
        rig.counted();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSenderLearnsTheMtu(boolean ipv6) {
        open(ipv6);
        assertEquals(1, rig.receive(data(ipv6, SMALL)).size());
        rig.counted();
        Packet large = data(ipv6, SMALL + 1);

        WireFrame sent = rig.receiveOne(large);

        assertEquals("drop_too_big 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
        Packet wanted = ipv6
                ? icmpError(VIP6, CLIENT6, 2, 0, SMALL, large, 1_232)
                : icmpError(VIP, CLIENT, 3, 4, SMALL, large, 548)
                        .trafficClass(0xC0)
                        .identification(0);
        assertEquals(
                wanted.macs(macOf((int) low(ipv6 ? CLIENT6 : CLIENT)), GATUN_MAC)
                        .wire(),
                sent);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSuperFrameIsJudgedByItsSegments(boolean ipv6) {
        open(ipv6);
        int type = ipv6 ? Offload.GSO_TCPV6 : Offload.GSO_TCPV4;
        int headers = ipv6 ? 60 : 40;
        Packet big = data(ipv6, 1_700).sum(Packet.Sum.PARTIAL);

        int fits = Offload.of(/* partial= */ true, type, SMALL - headers);
        assertEquals(fits, rig.receiveOne(big, fits).offload());
        assertEquals("rx_packets 1, tx_packets 1", rig.counted());

        WireFrame answer = rig.receiveOne(big, Offload.of(/* partial= */ true, type, SMALL - headers + 1));
        assertEquals("drop_too_big 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
        assertEquals(Offload.NONE, answer.offload());
        assertTrue(answer.checksumsRight());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLastHop(boolean ipv6) {
        open(ipv6);
        Packet old = data(ipv6, 100).ttl(1);

        WireFrame sent = rig.receiveOne(old);

        assertEquals("drop_ttl_expired 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
        Packet wanted = ipv6
                ? icmpError(VIP6, CLIENT6, 3, 0, 0, old, 1_232)
                : icmpError(VIP, CLIENT, 11, 0, 0, old, 548).trafficClass(0xC0).identification(0);
        assertEquals(
                wanted.macs(macOf((int) low(ipv6 ? CLIENT6 : CLIENT)), GATUN_MAC)
                        .wire(),
                sent);
    }

    @Test
    void nobodyIsToldMoreOftenThanTheLimit() {
        open(/* ipv6= */ false);
        int told = 0;
        for (int i = 0; i < 500; i++) {
            told += rig.receive(data(/* ipv6= */ false, SMALL + 1)).size();
        }
        assertEquals(100, told);
        assertEquals(500, rig.count("drop_too_big"));
    }

    @Test
    void nat64TellsTheMtuOfTheClientsFamily() {
        Packet large = tcp(CLIENT6, 40_000, VIP6, 64).payload(payload(SMALL + 20 + 1 - 60));

        WireFrame answer = rig.receiveOne(large);

        assertEquals(2, answer.unsignedByte(answer.transport()));
        assertEquals(SMALL + 20, ByteBuffer.wrap(answer.bytes()).getInt(answer.transport() + 4));
        rig.counted();
        assertEquals(1, rig.receive(large.payload(payload(SMALL + 20 - 60))).size());
        assertEquals(0, rig.receive().size());
    }

    @Test
    void onlyNat64ClampsTheMss() {
        Packet syn = tcp(CLIENT6, 40_000, VIP6, 64).tcpOptions(2, 4, 0x23, 0x00); // 8,960
        WireFrame sent = rig.receiveOne(syn);
        assertEquals(1_500 - 60, sent.unsignedShort(sent.transport() + 22));
        assertTrue(sent.checksumsRight());

        Packet small = tcp(CLIENT6, 40_001, VIP6, 64).tcpOptions(2, 4, 0x05, 0x00);
        WireFrame kept = rig.receiveOne(small);
        assertEquals(0x500, kept.unsignedShort(kept.transport() + 22));

        Packet one = tcp(CLIENT, 40_000, VIP, 81).tcpOptions(2, 4, 0x23, 0x00);
        WireFrame same = rig.receiveOne(one);
        assertEquals(0x2300, same.unsignedShort(same.transport() + 22));
        Packet six = tcp(CLIENT6, 40_002, VIP6, 80).tcpOptions(2, 4, 0x23, 0x00);
        WireFrame same6 = rig.receiveOne(six);
        assertEquals(0x2300, same6.unsignedShort(same6.transport() + 22));
    }
}
