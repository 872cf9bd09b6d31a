package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.NODE;
import static io.gatun.forwarder.pipeline.Lan.ROUTER;
import static io.gatun.forwarder.pipeline.Lan.ROUTER6;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors about packets that passed here reach whoever sent them, and quote what was sent. */
class ErrorForwardingTest {
    private static final int PORT_UNREACHABLE = 3;
    private static final int FRAG_NEEDED = 4;

    private final PipelineRig rig = new PipelineRig(
            ServiceDraft.udp(VIP, 53).endpoint(E1, 5353),
            ServiceDraft.udp(VIP, 54).plainDnat().endpoint(E1, 5353),
            ServiceDraft.udp(VIP6, 53).endpoint(E61, 5353),
            ServiceDraft.udp(VIP6, 54).plainDnat().endpoint(E61, 5353),
            ServiceDraft.udp(VIP6, 64).id(64).snat(NODE, 1_024, 65_535).endpoint(E1, 5353));

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    /** The packet that the endpoint got, as it quotes it. */
    private Packet delivered(Packet question, String endpoint, String source) {
        WireFrame sent = rig.receiveOne(question);
        return question.copy()
                .from(source, sent.sourcePort())
                .to(endpoint, 5353)
                .ttl(sent.ttl());
    }

    private static Packet error(String from, String to, int type, int code, int rest, Packet quoted) {
        return icmpError(from, to, type, code, rest, quoted, 64);
    }

    @ParameterizedTest
    @CsvSource({"53,false", "54,false", "53,true", "54,true"})
    void theEndpointsPortUnreachable(int port, boolean ipv6) {
        String client = ipv6 ? CLIENT6 : CLIENT;
        String vip = ipv6 ? VIP6 : VIP;
        String endpoint = ipv6 ? E61 : E1;
        Packet question = udp(client, 40_000, vip, port).payload(payload(100));
        Packet delivered = delivered(question, endpoint, port == 53 ? vip : client);
        int type = ipv6 ? 1 : 3;
        int code = ipv6 ? 4 : PORT_UNREACHABLE;
        Packet error = error(endpoint, port == 53 ? vip : client, type, code, 0, delivered);

        WireFrame sent = rig.receiveOne(error);

        Packet asTheClientSentIt = question.copy().ttl(63);
        assertEquals(
                error(vip, client, type, code, 0, asTheClientSentIt).forwarded().wire(), sent);
        assertTrue(sent.checksumsRight());
        assertEquals(2, rig.flows().liveCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRouterOnTheClientsSideToTheEndpoint(boolean ipv6) {
        String client = ipv6 ? FAR_CLIENT6 : FAR_CLIENT;
        String vip = ipv6 ? VIP6 : VIP;
        String endpoint = ipv6 ? E61 : E1;
        int port = rig.receiveOne(udp(client, 40_000, vip, 53)).sourcePort();
        Packet answer = udp(endpoint, 5353, vip, port).payload(payload(1_400));
        rig.receiveOne(answer);
        Packet asTheClientWouldGetIt =
                answer.copy().from(vip, 53).to(client, 40_000).ttl(60);
        Packet error = ipv6
                ? error(ROUTER6, vip, 2, 0, 1_280, asTheClientWouldGetIt)
                : error(ROUTER, vip, 3, FRAG_NEEDED, 1_280, asTheClientWouldGetIt);

        WireFrame sent = rig.receiveOne(error);

        Packet quoted = answer.copy().ttl(60);
        Packet wanted =
                ipv6 ? error(vip, endpoint, 2, 0, 1_280, quoted) : error(vip, endpoint, 3, FRAG_NEEDED, 1_280, quoted);
        assertEquals(wanted.forwarded().wire(), sent);
    }

    @ParameterizedTest
    @CsvSource({"3,3,0,1,4,0", "3,1,0,1,0,0", "3,4,1400,2,0,1420", "11,0,0,3,0,0", "3,13,0,1,1,0"})
    void nat64TranslatesErrorsOfTheEndpointsSide(int type, int code, int rest, int type6, int code6, int rest6) {
        Packet question = udp(CLIENT6, 40_000, VIP6, 64).payload(payload(1_300));
        WireFrame sent = rig.receiveOne(question);
        Packet delivered =
                udp(NODE, sent.sourcePort(), E1, 5353).payload(payload(1_300)).ttl(63);
        Packet error = error(E1, NODE, type, code, rest, delivered);

        WireFrame out = rig.receiveOne(error);

        assertTrue(out.isIpv6());
        int icmp = out.transport();
        assertEquals(type6, out.unsignedByte(icmp));
        assertEquals(code6, out.unsignedByte(icmp + 1));
        assertEquals(rest6, ByteBuffer.wrap(out.bytes()).getInt(icmp + 4));
        assertEquals(low(VIP6), out.sourceLow());
        assertEquals(low(CLIENT6), out.destinationLow());
        assertTrue(out.checksumsRight());
        WireFrame quote = quoted(out, 0x86DD);
        assertEquals(low(CLIENT6), quote.sourceLow());
        assertEquals(low(VIP6), quote.destinationLow());
        assertEquals(40_000, quote.sourcePort());
        assertEquals(64, quote.destinationPort());
    }

    @Test
    void nat64TranslatesErrorsOfTheClientsSide() {
        Packet question = udp(CLIENT6, 40_000, VIP6, 64).payload(payload(30));
        int port = rig.receiveOne(question).sourcePort();
        rig.receiveOne(udp(E1, 5353, NODE, port).payload(payload(1_300)));
        Packet atTheClient = udp(VIP6, 64, CLIENT6, 40_000).payload(payload(1_300));
        Packet error = error(ROUTER6, VIP6, 2, 0, 1_280, atTheClient);

        WireFrame out = rig.receiveOne(error);

        assertFalse(out.isIpv6());
        assertEquals(3, out.unsignedByte(out.transport()));
        assertEquals(FRAG_NEEDED, out.unsignedByte(out.transport() + 1));
        assertEquals(1_260, out.unsignedShort(out.transport() + 6));
        assertEquals(ip(E1), out.destination());
        assertTrue(out.checksumsRight());
        WireFrame quote = quoted(out, 0x0800);
        assertEquals(ip(E1), quote.source());
        assertEquals(ip(NODE), quote.destination());
        assertEquals(5353, quote.sourcePort());
        assertEquals(port, quote.destinationPort());
    }

    private static WireFrame quoted(WireFrame error, int etherType) {
        int from = error.transport() + 8;
        byte[] frame = new byte[14 + error.length() - from];
        frame[12] = (byte) (etherType >>> 8);
        frame[13] = (byte) etherType;
        System.arraycopy(error.bytes(), from, frame, 14, frame.length - 14);
        return new WireFrame(frame);
    }

    @Test
    void errorsAboutNoFlowOfOursEndHere() {
        Packet stranger =
                error(ROUTER, VIP, 3, FRAG_NEEDED, 1_280, udp(VIP, 9, CLIENT, 9).payload(payload(50)));
        Packet stranger6 =
                error(ROUTER6, VIP6, 2, 0, 1_280, udp(VIP6, 9, CLIENT6, 9).payload(payload(50)));
        assertEquals(List.of(), rig.receive(stranger, stranger6));
        assertEquals("drop_icmp_no_flow 2, rx_packets 2", rig.counted());

        Packet shortQuote = icmpError(ROUTER, VIP, 3, FRAG_NEEDED, 1_280, udp(VIP, 9, CLIENT, 9), 23);
        assertEquals(List.of(), rig.receive(shortQuote));
        assertEquals("drop_icmp_no_flow 1, rx_packets 1", rig.counted());
    }

    @Test
    void whatIsNoErrorAndNoEchoEndsHere() {
        assertEquals(List.of(), rig.receive(Packets.icmp(CLIENT, VIP, 13, 0), Packets.icmp(CLIENT6, VIP6, 135, 0)));
        assertEquals("drop_icmp_unsupported 2, rx_packets 2", rig.counted());
    }
}
