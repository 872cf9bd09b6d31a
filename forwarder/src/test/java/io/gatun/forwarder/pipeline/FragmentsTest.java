package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.GATUN_MAC;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.echoReply;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.sctp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.FAR_ENDPOINT;
import static io.gatun.forwarder.pipeline.Lan.NODE;
import static io.gatun.forwarder.pipeline.Lan.OTHER_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.ROUTER;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams that come in pieces: each piece goes on by itself, whatever the order, in bounded memory. */
class FragmentsTest {
    private final PipelineRig rig = new PipelineRig(
            new TableLayout(1, 64),
            512,
            ServiceDraft.udp(VIP, 53).endpoint(E1, 5353),
            ServiceDraft.udp(VIP6, 53).endpoint(E61, 5353),
            ServiceDraft.udp(VIP, 54).plainDnat().endpoint(E2, 5353),
            ServiceDraft.udp(VIP, 55).direct().endpoint(E1, 0),
            ServiceDraft.udp(VIP, 56).tunnel(NODE).endpoint(FAR_ENDPOINT, 0),
            ServiceDraft.udp(VIP6, 57).id(57).snat(NODE, 1_024, 65_535).endpoint(E1, 5353));

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    /** What the pieces of a question become: those of the rewritten datagram, with an identification of our own. */
    private static List<WireFrame> wanted(Packet whole, int identification) {
        return whole.copy().forwarded().identification(identification).fragments(1_500).stream()
                .map(Packet::wire)
                .toList();
    }

    private static int identification(WireFrame piece) {
        return piece.isIpv6()
                ? ByteBuffer.wrap(piece.bytes()).getInt(piece.fragmentHeader() + 4)
                : piece.unsignedShort(piece.ip() + 4);
    }

    private static Packet question(boolean ipv6, int port, int bytes) {
        return udp(ipv6 ? CLIENT6 : CLIENT, 40_000, ipv6 ? VIP6 : VIP, port).payload(payload(bytes));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inOrder(boolean ipv6) {
        Packet whole = question(ipv6, 53, 4_000);
        List<Packet> pieces = whole.fragments(1_500);
        assertEquals(3, pieces.size());

        List<WireFrame> sent = rig.receive(pieces.toArray(Packet[]::new));

        int port = sent.getFirst().sourcePort();
        Packet rewritten = whole.copy().from(ipv6 ? VIP6 : VIP, port).to(ipv6 ? E61 : E1, 5353);
        assertEquals(wanted(rewritten, identification(sent.getFirst())), sent);
        assertNotEquals(
                0x1234, identification(sent.getFirst()), "identifications of clients would meet behind the VIP");
        assertEquals("flows_opened 1, rx_packets 3, tx_packets 3", rig.counted());
        assertEquals(2, rig.flows().liveCount(), "the note is forgotten when the last piece has gone");

        Packet reply = udp(ipv6 ? E61 : E1, 5353, ipv6 ? VIP6 : VIP, port).payload(payload(4_000));
        List<WireFrame> back = rig.receive(reply.fragments(1_500).toArray(Packet[]::new));
        Packet answer = reply.copy().from(ipv6 ? VIP6 : VIP, 53).to(ipv6 ? CLIENT6 : CLIENT, 40_000);
        assertEquals(wanted(answer, identification(back.getFirst())), back);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outOfOrderTheyWaitForTheFirst(boolean ipv6) {
        Packet whole = question(ipv6, 53, 4_000);
        List<Packet> pieces = whole.fragments(1_500);

        assertEquals(List.of(), rig.receive(pieces.get(2), pieces.get(1)));
        assertEquals(2, rig.port().held());
        List<WireFrame> sent = new ArrayList<>(rig.receive(pieces.get(0)));
        rig.cycle();
        sent.addAll(rig.port().takeSent());

        Packet rewritten = whole.copy()
                .from(ipv6 ? VIP6 : VIP, sent.getFirst().sourcePort())
                .to(ipv6 ? E61 : E1, 5353);
        List<WireFrame> wanted = wanted(rewritten, identification(sent.getFirst()));
        assertEquals(List.of(wanted.get(0), wanted.get(2), wanted.get(1)), sent);
        assertEquals("flows_opened 1, rx_packets 3, tx_packets 3", rig.counted());
    }

    @Test
    void withoutTheFirstTheyAreGivenUp() {
        List<Packet> pieces = question(/* ipv6= */ false, 53, 4_000).fragments(1_500);
        rig.receive(pieces.get(1), pieces.get(2));

        rig.advance(501, TimeUnit.MILLISECONDS).cycle();

        assertEquals(0, rig.port().held());
        assertEquals("drop_fragment 2, rx_packets 2", rig.counted());
        assertEquals(0, rig.flows().liveCount());
    }

    @Test
    void twoDatagramsInterleaved() {
        Packet one = question(/* ipv6= */ false, 53, 2_000).identification(1);
        Packet two = question(/* ipv6= */ false, 53, 2_000).identification(2);
        List<Packet> first = one.fragments(1_500);
        List<Packet> second = two.fragments(1_500);

        List<WireFrame> sent = rig.receive(first.get(0), second.get(0), second.get(1), first.get(1));

        int port = sent.getFirst().sourcePort();
        List<WireFrame> a = wanted(one.copy().from(VIP, port).to(E1, 5353), identification(sent.get(0)));
        List<WireFrame> b = wanted(two.copy().from(VIP, port).to(E1, 5353), identification(sent.get(1)));
        assertEquals(List.of(a.get(0), b.get(0), b.get(1), a.get(1)), sent);
        assertNotEquals(identification(sent.get(0)), identification(sent.get(1)));
    }

    @Test
    void aKeptSourceKeepsItsIdentification() {
        Packet whole = question(/* ipv6= */ false, 54, 2_000).identification(77);

        List<WireFrame> sent = rig.receive(whole.fragments(1_500).toArray(Packet[]::new));

        assertEquals(wanted(whole.copy().to(E2, 5353), 77), sent);
    }

    @Test
    void directReturnAndTunnels() {
        Packet whole = question(/* ipv6= */ false, 55, 2_000).identification(77);
        List<WireFrame> wanted = whole.copy().forwardedVia(macOf(ip(E1))).fragments(1_500).stream()
                .map(Packet::wire)
                .toList();
        assertEquals(wanted, rig.receive(whole.fragments(1_500).toArray(Packet[]::new)));

        Packet far = question(/* ipv6= */ false, 56, 2_000).identification(78);
        List<Packet> inner = far.copy().ttl(63).fragments(1_400);
        List<WireFrame> tunnelled = new ArrayList<>();
        for (int i = 0; i < inner.size(); i++) {
            tunnelled.add(inner.get(i)
                    .tunnelled(NODE, FAR_ENDPOINT)
                    .identification(i)
                    .fragment(0)
                    .macs(macOf(ip(ROUTER)), GATUN_MAC)
                    .wire());
        }
        assertEquals(tunnelled, rig.receive(far.fragments(1_400).toArray(Packet[]::new)));
    }

    @Test
    void nat64TranslatesThePieces() {
        Packet whole = question(/* ipv6= */ true, 57, 3_000).identification(0x8001);
        List<WireFrame> sent = rig.receive(whole.fragments(1_500).toArray(Packet[]::new));

        int port = sent.getFirst().sourcePort();
        Packet four = udp(NODE, port, E1, 5353).payload(payload(3_000)).identification(0x8001);
        List<WireFrame> wanted = four.forwarded().fragments(1_500 - 28).stream()
                .map(Packet::wire)
                .toList();
        assertEquals(wanted, sent);

        Packet reply = udp(E1, 5353, NODE, port).payload(payload(3_000)).identification(9);
        Packet six = udp(VIP6, 57, CLIENT6, 40_000).payload(payload(3_000)).identification(9);
        List<WireFrame> back = rig.receive(reply.fragments(1_500 - 28).toArray(Packet[]::new));
        assertEquals(six.forwarded().fragments(1_500).stream().map(Packet::wire).toList(), back);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLargePingToTheVipIsAnswered(boolean ipv6) {
        String client = ipv6 ? CLIENT6 : CLIENT;
        String vip = ipv6 ? VIP6 : VIP;
        Packet ping = echo(client, vip, 7, 1).payload(payload(3_000)).identification(5);

        List<WireFrame> sent = rig.receive(ping.fragments(1_500).toArray(Packet[]::new));

        Packet pong = echoReply(vip, client, 7, 1).payload(payload(3_000)).identification(5);
        List<WireFrame> wanted = pong.forwarded().ttl(64).fragments(1_500).stream()
                .map(Packet::wire)
                .toList();
        assertEquals(wanted.size(), sent.size());
        for (int i = 0; i < wanted.size(); i++) {
            WireFrame piece = sent.get(i);
            byte[] lowered = wanted.get(i).bytes();
            assertArrayEquals(payloadOf(new WireFrame(lowered)), payloadOf(piece));
            assertEquals(5, identification(piece));
            assertTrue(piece.checksumsRight());
        }
        assertEquals(0, rig.flows().liveCount());
    }

    private static byte[] payloadOf(WireFrame frame) {
        return Arrays.copyOfRange(frame.bytes(), frame.transport(), frame.length());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAnEndpointSendsToOthersGoesOnInPieces(boolean ipv6) {
        Packet own = udp(ipv6 ? E61 : E2, 1, ipv6 ? CLIENT6 : OTHER_CLIENT, 2).payload(payload(3_000));

        List<WireFrame> sent = rig.receive(own.fragments(1_500).toArray(Packet[]::new));

        assertEquals(own.forwarded().fragments(1_500).stream().map(Packet::wire).toList(), sent);
        assertEquals(0, rig.flows().liveCount());
    }

    @Test
    void onlySoManyWait() {
        for (int i = 0; i < HeldFragments.CAPACITY + 5; i++) {
            rig.receive(question(/* ipv6= */ false, 53, 2_000)
                    .identification(i)
                    .fragments(1_500)
                    .get(1));
        }

        assertEquals(HeldFragments.CAPACITY, rig.port().held());
        assertEquals("drop_fragment 5, rx_packets 69", rig.counted());
        rig.advance(1, TimeUnit.SECONDS).cycle();
        assertEquals(0, rig.port().held());
    }

    @Test
    void onlySoManyDatagramsASecond() {
        int sent = 0;
        for (int i = 0; i < 200; i++) {
            sent += rig.receive(question(/* ipv6= */ false, 53, 2_000)
                            .identification(i)
                            .fragments(1_500)
                            .get(0))
                    .size();
        }
        assertTrue(sent >= 16 && sent < 100, sent + " first pieces of 200 in no time");
        assertEquals(200 - sent, rig.count("drop_fragment"));
        rig.advance(1, TimeUnit.SECONDS);
        assertEquals(
                1,
                rig.receive(question(false, 53, 2_000).fragments(1_500).get(0)).size());
    }

    @Test
    void sctpInPiecesIsRefused() {
        PipelineRig one = new PipelineRig(ServiceDraft.sctp(VIP, 80).endpoint(E1, 80));
        Packet init = sctp(CLIENT, 40_000, VIP, 80).chunk(1, 0, payload(2_000));

        assertEquals(List.of(), one.receive(init.fragments(1_500).toArray(Packet[]::new)));

        assertEquals(1, one.count("drop_fragment"));
        one.advance(1, TimeUnit.SECONDS).cycle();
        assertEquals(2, one.count("drop_fragment"));
    }
}
