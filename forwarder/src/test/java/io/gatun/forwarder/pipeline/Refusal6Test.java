package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.GATUN_MAC;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.echoReply;
import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.sctp;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host answers over IPv6, and over SCTP in both families, when nobody listens; a standby says nothing. */
class Refusal6Test {
    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.tcp(VIP6, 80).endpoint(E61, 8080),
            ServiceDraft.sctp(VIP, 80).endpoint(E1, 8080),
            ServiceDraft.sctp(VIP6, 80).endpoint(E61, 8080));

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    private static Packet answer(Packet packet) {
        return packet.ttl(64).macs(macOf((int) low(CLIENT6)), GATUN_MAC);
    }

    @Test
    void aSynToAClosedPortGetsARst() {
        Packet wanted = answer(tcp(VIP6, 81, CLIENT6, 40_000)
                .flags(RST | ACK)
                .sequence(0)
                .acknowledgment(1_001)
                .window(0));
        assertEquals(wanted.wire(), rig.receiveOne(tcp(CLIENT6, 40_000, VIP6, 81)));
        assertEquals("drop_no_service 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
    }

    @Test
    void aSegmentOfNoConnectionGetsARstWithItsOwnNumber() {
        Packet data = tcp(CLIENT6, 40_000, VIP6, 80)
                .flags(PSH | ACK)
                .acknowledgment(77)
                .payload(payload(9));
        Packet wanted = answer(tcp(VIP6, 80, CLIENT6, 40_000)
                .flags(RST)
                .sequence(77)
                .acknowledgment(0)
                .window(0));
        assertEquals(wanted.wire(), rig.receiveOne(data));
        assertEquals("drop_no_flow 1, refusals_sent 1, rx_packets 1, tx_packets 1", rig.counted());
        assertEquals(List.of(), rig.receive(tcp(CLIENT6, 40_000, VIP6, 81).flags(RST)));
    }

    @Test
    void aDatagramGetsPortUnreachable() {
        Packet datagram = udp(CLIENT6, 40_000, VIP6, 9).payload(payload(100));

        WireFrame sent = rig.receiveOne(datagram);

        assertEquals(answer(icmpError(VIP6, CLIENT6, 1, 4, 0, datagram, 48)).wire(), sent);
        assertTrue(sent.checksumsRight());
    }

    @Test
    void theVipAnswersEcho() {
        Packet ping = echo(CLIENT6, VIP6, 7, 3).payload(payload(56));

        assertEquals(answer(echoReply(VIP6, CLIENT6, 7, 3).payload(payload(56))).wire(), rig.receiveOne(ping));
        assertEquals("rx_packets 1, tx_packets 1", rig.counted());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sctpGetsAnAbort(boolean ipv6) {
        String client = ipv6 ? CLIENT6 : CLIENT;
        String vip = ipv6 ? VIP6 : VIP;
        Packet data = sctp(client, 40_000, vip, 80).verificationTag(0x1234_5678).chunk(0, 3, payload(20));
        WireFrame reflected = rig.receiveOne(data);
        assertAbort(reflected, 0x1234_5678, 1);

        byte[] body = payload(16);
        Packet init = sctp(client, 40_000, vip, 81).verificationTag(0).chunk(1, 0, body);
        WireFrame toInit = rig.receiveOne(init);
        assertAbort(toInit, ByteBuffer.wrap(body).getInt(), 0);

        assertEquals(List.of(), rig.receive(sctp(client, 40_000, vip, 81).chunk(6, 0)));
        assertEquals("drop_no_flow 1, drop_no_service 2, refusals_sent 2, rx_packets 3, tx_packets 2", rig.counted());
    }

    private static void assertAbort(WireFrame frame, int tag, int flags) {
        int at = frame.transport();
        assertEquals(132, frame.protocol());
        assertEquals(tag, ByteBuffer.wrap(frame.bytes()).getInt(at + 4));
        assertEquals(6, frame.unsignedByte(at + 12), "ABORT");
        assertEquals(flags, frame.unsignedByte(at + 13), "T bit");
        assertEquals(40_000, frame.destinationPort());
        assertTrue(frame.checksumsRight());
    }

    @Test
    void aStandbyIsSilent() {
        rig.rules(
                ServiceDraft.tcp(VIP6, 80).standby().endpoint(E61, 8080),
                ServiceDraft.sctp(VIP, 80).standby().endpoint(E1, 8080),
                ServiceDraft.icmp(VIP6).standby().endpoint(E61, 0));
        Packet[] packets = {
            tcp(CLIENT6, 40_000, VIP6, 80),
            tcp(CLIENT6, 40_000, VIP6, 81),
            udp(CLIENT6, 40_000, VIP6, 9),
            echo(CLIENT6, VIP6, 1, 1),
            echo(CLIENT, VIP, 1, 1),
            sctp(CLIENT, 40_000, VIP, 80).chunk(0, 3, payload(20)),
            sctp(CLIENT, 40_000, VIP, 81).verificationTag(0).chunk(1, 0, payload(16)),
            echo(CLIENT, VIP, 1, 1).payload(payload(3_000)).fragments(1_500).getFirst()
        };

        assertEquals(List.of(), rig.receive(packets));

        assertEquals("drop_not_master 8, rx_packets 8", rig.counted());
        assertEquals(0, rig.flows().liveCount());
    }
}
