package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.echoReply;
import static io.gatun.forwarder.packet.Packets.high;
import static io.gatun.forwarder.packet.Packets.icmp;
import static io.gatun.forwarder.packet.Packets.icmpError;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.sctp;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.E61;
import static io.gatun.forwarder.pipeline.Lan.E62;
import static io.gatun.forwarder.pipeline.Lan.ELSEWHERE;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT6;
import static io.gatun.forwarder.pipeline.Lan.FAR_ENDPOINT;
import static io.gatun.forwarder.pipeline.Lan.FAR_ENDPOINT6;
import static io.gatun.forwarder.pipeline.Lan.INTERFACE;
import static io.gatun.forwarder.pipeline.Lan.NODE;
import static io.gatun.forwarder.pipeline.Lan.ROUTER;
import static io.gatun.forwarder.pipeline.Lan.ROUTER6;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static io.gatun.forwarder.pipeline.Lan.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Frames that nobody meant, from a seed: now and then noise, mostly a real packet of any kind with some bytes changed, cut
 * short, longer than it says, or with a lie about what is left to the device.
 */
final class Garbage {
    static final int FRAME_MAX = 1_714;

    /** Another VIP, for which this node stands by. */
    static final String STANDBY_VIP = "192.168.80.201";

    /** Behind a route with a small MTU. */
    private static final String NARROW = "10.200.0.1";

    private static final int HEADERS = 110;
    private static final String FORBIDDEN_CLIENT6 = "fd00:10::66";

    private final SplittableRandom random;
    private final byte[][] templates;
    final byte[] frame = new byte[FRAME_MAX];
    private int offload;

    Garbage(long seed) {
        random = new SplittableRandom(seed);
        templates = templates().stream().map(Packet::bytes).toArray(byte[][]::new);
    }

    /** Services of all modes and families, on a network with all that a packet can meet. */
    static PipelineRig rig(TableLayout layout, int frames) {
        PipelineRig rig = new PipelineRig(
                layout,
                frames,
                ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).endpoint(UNRESOLVED, 8080),
                ServiceDraft.tcp(VIP, 81).plainDnat().endpoint(E2, 8080),
                ServiceDraft.tcp(VIP, 82).unusable(E1, 1),
                ServiceDraft.tcp(VIP, 83).endpoint(NARROW, 8080),
                ServiceDraft.tcp(VIP, 84).allow("10.0.0.0/8").endpoint(E1, 8080),
                ServiceDraft.tcp(VIP, 85).direct().endpoint(E1, 0).endpoint(E2, 0),
                ServiceDraft.udp(VIP, 86).tunnel(NODE).endpoint(FAR_ENDPOINT, 0),
                ServiceDraft.udp(VIP, 53).snat(VIP, 2_000, 2_005).endpoint(E1, 53),
                ServiceDraft.udp(VIP, 54).plainDnat().endpoint(ELSEWHERE, 53),
                ServiceDraft.udp(VIP, 5_000).range(5_100).endpoint(Lan.NOWHERE, 0),
                ServiceDraft.sctp(VIP, 80).endpoint(E1, 80),
                ServiceDraft.icmp(STANDBY_VIP).standby().endpoint(E1, 0),
                ServiceDraft.tcp(STANDBY_VIP, 80).id(7).standby().endpoint(E1, 80),
                ServiceDraft.tcp(VIP6, 80).id(60).endpoint(E61, 8080).endpoint(E62, 8080),
                ServiceDraft.udp(VIP6, 53).id(61).plainDnat().endpoint(E61, 53),
                ServiceDraft.udp(VIP6, 86).id(62).tunnel("fd00:80::5").endpoint(FAR_ENDPOINT6, 0),
                ServiceDraft.tcp(VIP6, 85).id(63).direct().endpoint(E61, 0),
                ServiceDraft.tcp(VIP6, 64).id(64).snat(NODE, 10_000, 29_999).endpoint(E1, 8080),
                ServiceDraft.udp(VIP6, 64).id(65).snat(NODE, 10_000, 29_999).endpoint(E1, 53),
                ServiceDraft.icmp(VIP6).id(66).snat(NODE, 10_000, 29_999).endpoint(E1, 0),
                ServiceDraft.sctp(VIP6, 80).id(67).endpoint(E61, 80));
        rig.network(network());
        rig.access(new AccessList(List.of(new AccessList.Entry(
                new SourceFilter.Network(high(FORBIDDEN_CLIENT6), low(FORBIDDEN_CLIENT6), 2 * Long.SIZE), false))));
        rig.exits().add(Lan.OTHER_INTERFACE).recording(false);
        rig.port().recording(false);
        return rig.noting(false).localPair();
    }

    /** Every frame is somewhere, and every entry of the table belongs to a flow that was opened or to a datagram in pieces. */
    static void assertBalanced(PipelineRig rig) {
        rig.port().assertConserved();
        long received = rig.count("rx_packets");
        long letGo = rig.count("tx_packets");
        long refusals = rig.count("refusals_sent");
        assertEquals(received, letGo - refusals + rig.port().held() + rig.drops(), rig::counted);
        long out = rig.port().transmitted()
                + rig.port().transmitOverruns()
                + rig.exits().transmitted();
        assertEquals(letGo, out, rig::counted);
        long[] entries = new long[2];
        rig.flows()
                .forEachLive(
                        (flow, slot) -> {
                            boolean direct = (flow.flags() & (FlowSlot.FLAG_DIRECT | FlowSlot.FLAG_TUNNEL)) != 0;
                            entries[0] += (flow.flags() & FlowSlot.FLAG_FRAGMENT) != 0 ? 0 : direct ? 2 : 1;
                        },
                        Integer.MAX_VALUE);
        long kept = rig.count("flows_opened") - rig.count("flows_replaced") - rig.count("half_open_given_up");
        assertEquals(2 * kept, entries[0], rig::counted);
    }

    private static NextHopTable network() {
        return Lan.nextHops()
                .route(ip("10.200.0.0"), 16, 0, low(ROUTER), INTERFACE, 0, 576)
                .vlan(33, INTERFACE, 80)
                .onLink(ip("10.9.0.0"), 16, 33, 0)
                .neighbour(33, ip(FAR_ENDPOINT), 0x0200_0000_0909L)
                .unreachable6(high("fd00:10:bad::"), low("fd00:10:bad::"), 48, 0)
                .build();
    }

    private static List<Packet> templates() {
        List<Packet> all = new ArrayList<>(List.of(
                tcp(CLIENT, 40_000, VIP, 80).tcpOptions(2, 4, 5, 0xB4),
                tcp(CLIENT, 40_000, VIP, 80).flags(PSH | ACK).payload(payload(1_650)),
                tcp(CLIENT, 40_000, VIP, 80).flags(FIN | ACK).sum(Packet.Sum.PARTIAL),
                tcp(FAR_CLIENT, 40_000, VIP, 81).vlan(80).payload(payload(5)),
                tcp(E1, 8080, VIP, 2_000).flags(SYN | ACK).ipOptions(1, 1, 1, 0),
                tcp(E2, 8080, CLIENT, 9).flags(ACK),
                tcp(CLIENT, 40_000, VIP, 82),
                tcp(CLIENT, 40_000, VIP, 83).payload(payload(700)),
                tcp(CLIENT, 40_000, VIP, 84),
                tcp(CLIENT, 40_000, VIP, 85).flags(PSH | ACK).payload(payload(900)),
                tcp(CLIENT, 40_000, STANDBY_VIP, 80),
                udp(CLIENT, 5_000, VIP, 53).payload(payload(31)),
                udp(CLIENT, 5_000, VIP, 53).sum(Packet.Sum.PARTIAL).paddedTo(60),
                udp(CLIENT, 5_000, VIP, 54).payload(payload(1_472)),
                udp(CLIENT, 5_000, VIP, 86).payload(payload(1_200)),
                udp(CLIENT, 5_000, VIP, 5_050).vlan(1, 2),
                udp(CLIENT, 5_000, VIP, 9).ipOptions(7, 39, 4, 0).payload(payload(3)),
                udp(E1, 53, VIP, 2_001).payload(payload(100)),
                udp(E1, 53, NODE, 10_000).payload(payload(100)),
                sctp(CLIENT, 40_000, VIP, 80).chunk(1, 0, payload(16)),
                sctp(CLIENT, 40_000, VIP, 81).chunk(0, 3, payload(100)),
                sctp(E1, 80, VIP, 2_002).chunk(2, 0, payload(16)),
                echo(CLIENT, VIP, 1, 1).payload(payload(56)),
                echo(CLIENT, STANDBY_VIP, 1, 1),
                echoReply(E1, NODE, 10_001, 1).payload(payload(56)),
                icmp(CLIENT, VIP, 13, 0),
                udp(CLIENT, 5_000, VIP, 53).payload(payload(40)).tunnelled(CLIENT, VIP),
                tcp(CLIENT6, 40_000, VIP6, 80).vlan(80),
                tcp(CLIENT6, 40_000, VIP6, 80).flags(PSH | ACK).payload(payload(1_600)),
                tcp(CLIENT6, 40_000, VIP6, 85).flags(ACK).extension(60, 1, 4, 0, 0, 0, 0),
                tcp(E61, 8080, VIP6, 2_000).flags(SYN | ACK),
                tcp(FAR_CLIENT6, 40_000, VIP6, 64).tcpOptions(2, 4, 0x23, 0),
                tcp(FORBIDDEN_CLIENT6, 40_000, VIP6, 80),
                udp(CLIENT6, 5_000, VIP6, 53).extension(0, 1, 4, 0, 0, 0, 0).payload(payload(20)),
                udp(CLIENT6, 5_000, VIP6, 64).sum(Packet.Sum.PARTIAL).payload(payload(500)),
                udp(CLIENT6, 5_000, VIP6, 86).payload(payload(1_400)),
                udp(CLIENT6, 5_000, "fd00:10:bad::1", 9),
                sctp(CLIENT6, 40_000, VIP6, 80).chunk(1, 0, payload(16)),
                echo(CLIENT6, VIP6, 1, 1).payload(payload(56)),
                icmp(CLIENT6, VIP6, 135, 0).payload(payload(20)),
                udp(CLIENT6, 5_000, VIP6, 53).payload(payload(40)).tunnelled(CLIENT6, VIP6)));
        pieces(all, udp(CLIENT, 5_000, VIP, 53).payload(payload(3_000)));
        pieces(all, udp(CLIENT, 5_000, VIP, 86).payload(payload(3_000)));
        pieces(all, tcp(CLIENT, 5_000, VIP, 80).payload(payload(2_000)));
        pieces(all, sctp(CLIENT, 5_000, VIP, 80).chunk(1, 0, payload(2_000)));
        pieces(all, echo(CLIENT, VIP, 7, 7).payload(payload(2_000)));
        pieces(all, udp(CLIENT6, 5_000, VIP6, 53).payload(payload(3_000)));
        pieces(all, udp(CLIENT6, 5_000, VIP6, 64).payload(payload(3_000)));
        pieces(all, echo(CLIENT6, VIP6, 7, 7).payload(payload(2_000)));
        errors(all);
        return all;
    }

    private static void pieces(List<Packet> all, Packet whole) {
        all.addAll(whole.fragments(1_400));
        all.add(whole.payload(payload(600)).piece(8, /* more= */ true, 0x1234)); // overlaps
    }

    /** Errors about packets that may well have passed; each of both sides. */
    private static void errors(List<Packet> all) {
        Packet toClient = tcp(VIP, 80, CLIENT, 40_000).flags(ACK).payload(payload(200));
        Packet toEndpoint = udp(VIP, 2_000, E1, 53).payload(payload(200));
        Packet from64 = udp(NODE, 10_000, E1, 53).payload(payload(200));
        Packet toClient6 = tcp(VIP6, 80, CLIENT6, 40_000).flags(ACK).payload(payload(200));
        Packet from646 = udp(VIP6, 64, CLIENT6, 5_000).payload(payload(200));
        all.add(icmpError(ROUTER, VIP, 3, 4, 1_280, toClient, 28));
        all.add(icmpError(ROUTER, VIP, 11, 0, 0, toClient, 500));
        all.add(icmpError(E1, VIP, 3, 3, 0, toEndpoint, 64));
        all.add(icmpError(E1, NODE, 12, 0, 0, from64, 64));
        all.add(icmpError(E1, NODE, 3, 4, 1_400, from64, 64));
        all.add(icmpError(CLIENT, VIP, 3, 1, 0, tcp(VIP, 81, FAR_CLIENT, 40_000), 28));
        all.add(icmpError(ROUTER6, VIP6, 2, 0, 1_280, toClient6, 1_200));
        all.add(icmpError(ROUTER6, VIP6, 1, 4, 0, toClient6, 48));
        all.add(icmpError(ROUTER6, VIP6, 4, 1, 6, from646, 100));
        all.add(icmpError(CLIENT6, VIP6, 2, 0, 1_400, from646, 100));
    }

    /** Writes the next one into {@link #frame}. @return its length */
    int next() {
        offload = random.nextInt(8) == 0 ? anyOffload() : Offload.NONE;
        int kind = random.nextInt(64);
        if (kind == 0) {
            random.nextBytes(frame);
            return random.nextInt(FRAME_MAX + 1);
        }
        byte[] template = templates[random.nextInt(templates.length)];
        int length = template.length;
        System.arraycopy(template, 0, frame, 0, length);
        for (int changes = kind & 3; changes > 0; changes--) {
            int where = random.nextInt(Math.min(length, HEADERS));
            if (where >= 6 || random.nextInt(4) == 0) {
                frame[where] = (byte) random.nextInt();
            }
        }
        if (kind >= 44) {
            frame[(frame[12] & 0xFF) == 0x86 ? 55 : 35] = (byte) random.nextInt(); // source port: another flow
        }
        if (kind >= 56) {
            frame[(frame[12] & 0xFF) == 0x86 ? 19 : 17] += (byte) (random.nextInt(9) - 4); // length
        }
        return kind == 40 ? random.nextInt(length + 1) : length;
    }

    /** What is left to the device of the last one. */
    int offload() {
        return offload;
    }

    private int anyOffload() {
        return switch (random.nextInt(4)) {
            case 0 -> Offload.PARTIAL;
            case 1 -> Offload.of(/* partial= */ true, Offload.GSO_TCPV4, 1 + random.nextInt(1_500));
            case 2 -> Offload.of(/* partial= */ true, Offload.GSO_UDP_L4, 1 + random.nextInt(1_500));
            default -> Offload.of(random.nextBoolean(), random.nextInt(256), random.nextInt(65_536));
        };
    }
}
