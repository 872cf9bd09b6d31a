package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.macOf;
import static io.gatun.forwarder.packet.Packets.payload;

import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One cell of the table protocol x mode x family of the client x engine: what is sent, and what must come out of it. The
 * engine {@code xdp} delivers frames whose checksum may be partial and says nothing of it; {@code raw} says so, delivers
 * super-frames, and wants both back as they came.
 */
record Cell(Transport transport, Mode mode, boolean ipv6, boolean raw) {
    static final int CLIENT_PORT = 40_000;
    private static final int PORT = 80;
    private static final int TARGET = 8080;
    private static final int OPENING_BYTES = 40;
    private static final int WHOLE_BYTES = 1_300;
    private static final int SUPER_BYTES = 1_500;
    private static final int SEGMENT_BYTES = 600;

    /** Up to this length a packet that becomes IPv4 may be fragmented, RFC 7915 section 5.1. */
    private static final int FRAGMENTABLE_MAX = 1_260;

    enum Transport {
        TCP(6),
        UDP(17),
        SCTP(132),
        ECHO(1);

        final int protocol;

        Transport(int protocol) {
            this.protocol = protocol;
        }
    }

    /** The modes of a service, with loxilb's numbers; 5 is one-arm with the node's address as far as a packet shows it. */
    enum Mode {
        DNAT,
        ONE_ARM,
        FULL_NAT,
        DSR_L2,
        DSR_L3,
        HOST_ONE_ARM,
        NAT64,
        NAT64_DNAT,
        NAT64_DSR;

        boolean isDirect() {
            return this == DSR_L2 || this == DSR_L3;
        }
    }

    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            for (Mode mode : Mode.values()) {
                for (int i = 0; i < 4; i++) {
                    cells.add(new Cell(transport, mode, (i & 2) != 0, (i & 1) != 0));
                }
            }
        }
        return cells;
    }

    /** Why the cell makes no sense, or null. */
    String reason() {
        return switch (mode) {
            case NAT64 -> ipv6 ? null : "NAT64 is for clients of IPv6";
            case NAT64_DNAT -> "an IPv4 packet has no room for the address of an IPv6 client";
            case NAT64_DSR -> "an IPv4 endpoint cannot answer an IPv6 client itself";
            default -> null;
        };
    }

    ServiceDraft service() {
        boolean echo = transport == Transport.ECHO;
        ServiceDraft draft = ServiceDraft.of(transport.protocol, vip(), echo ? 0 : PORT)
                .endpoint(endpoint(), echo || mode.isDirect() ? 0 : TARGET);
        return switch (mode) {
            case DNAT -> draft.plainDnat();
            case DSR_L2 -> draft.direct();
            case DSR_L3 -> draft.tunnel(source());
            case FULL_NAT -> draft.snat(source(), 1_024, 65_535);
            case HOST_ONE_ARM -> draft.snat(source(), 10_000, 29_999);
            case NAT64 -> draft.snat(source(), 1_024, 65_535);
            default -> draft;
        };
    }

    /** A packet of the client: the first one, or a large one after it. */
    Packet request(boolean opening) {
        return sums(packet(client(), CLIENT_PORT, vip(), PORT, /* reply= */ false, opening), opening);
    }

    /** What the endpoint, or the router to it, gets of {@link #request} from a source port of ours. */
    Packet requestOut(boolean opening, int port) {
        if (mode == Mode.DSR_L3) {
            Packet inner = request(opening).ttl(63).sum(Packet.Sum.COMPLETE);
            String router = ipv6 ? Lan.ROUTER6 : Lan.ROUTER;
            return inner.tunnelled(source(), endpoint()).macs(macOf((int) low(router)), Packets.GATUN_MAC);
        }
        if (mode == Mode.DSR_L2) {
            return sumsOut(request(opening).forwardedVia(macOf((int) low(endpoint()))));
        }
        boolean kept = mode == Mode.DNAT;
        Packet out = packet(
                kept ? client() : source(), kept ? CLIENT_PORT : port, endpoint(), TARGET, /* reply= */ false, opening);
        if (mode == Mode.NAT64) {
            boolean small = out.ipBytes().length <= FRAGMENTABLE_MAX;
            out.identification(opening ? 0 : 1).fragment(small ? 0 : 0x4000);
        }
        return sumsOut(out.forwarded());
    }

    /** What the endpoint answers to that port. */
    Packet reply(boolean opening, int port) {
        boolean kept = mode == Mode.DNAT;
        return sums(
                packet(
                        endpoint(),
                        TARGET,
                        kept ? client() : source(),
                        kept ? CLIENT_PORT : port,
                        /* reply= */ true,
                        opening),
                opening);
    }

    /** What the client gets of {@link #reply}. */
    Packet replyOut(boolean opening) {
        return sumsOut(packet(vip(), PORT, client(), CLIENT_PORT, /* reply= */ true, opening)
                .forwarded());
    }

    /** What the engine says of each of these packets. */
    int offload(boolean opening) {
        if (!isOffloaded()) {
            return Offload.NONE;
        }
        if (opening) {
            return Offload.PARTIAL;
        }
        int tcp = ipv6 ? Offload.GSO_TCPV6 : Offload.GSO_TCPV4;
        return Offload.of(/* partial= */ true, transport == Transport.TCP ? tcp : Offload.GSO_UDP_L4, SEGMENT_BYTES);
    }

    /** What is left to the device of what goes to the endpoint. */
    int requestOffload(boolean opening) {
        return mode == Mode.DSR_L3 ? Offload.NONE : offload(opening);
    }

    /** Whether a large packet is cut here: no device does it inside a tunnel. */
    boolean isCut() {
        return mode == Mode.DSR_L3 && isOffloaded();
    }

    /** The packets that {@link #request} then becomes. */
    List<Packet> segments() {
        byte[] all = payload(SUPER_BYTES);
        List<Packet> segments = new ArrayList<>();
        for (int at = 0, n = 0; at < SUPER_BYTES; at += SEGMENT_BYTES, n++) {
            int end = Math.min(at + SEGMENT_BYTES, SUPER_BYTES);
            Packet inner = request(/* opening= */ false)
                    .payload(Arrays.copyOfRange(all, at, end))
                    .identification(0x1234 + n)
                    .ttl(63)
                    .sum(Packet.Sum.COMPLETE);
            if (transport == Transport.TCP) {
                inner.sequence(1_000 + at).flags(end < SUPER_BYTES ? ACK : PSH | ACK);
            }
            String router = ipv6 ? Lan.ROUTER6 : Lan.ROUTER;
            segments.add(inner.tunnelled(source(), endpoint())
                    .macs(macOf((int) low(router)), MemoryEgress.macOn(Lan.INTERFACE)));
        }
        return segments;
    }

    /** loxilb's word for the state after two packets each way, or two of the client where only those pass. */
    String state() {
        return switch (transport) {
            case TCP, SCTP -> "est";
            case UDP -> mode.isDirect() ? "udp-uni" : "udp-est";
            case ECHO -> mode.isDirect() ? "req-sent" : "bidir";
        };
    }

    private boolean isOffloaded() {
        return raw && (transport == Transport.TCP || transport == Transport.UDP);
    }

    private Packet sums(Packet packet, boolean opening) {
        boolean partial = isOffloaded() || (opening && (transport == Transport.TCP || transport == Transport.UDP));
        return partial ? packet.sum(Packet.Sum.PARTIAL) : packet;
    }

    private Packet sumsOut(Packet packet) {
        return packet.sum(isOffloaded() ? Packet.Sum.PARTIAL : Packet.Sum.COMPLETE);
    }

    private Packet packet(String from, int fromPort, String to, int toPort, boolean reply, boolean opening) {
        byte[] body = payload(opening ? OPENING_BYTES : isOffloaded() ? SUPER_BYTES : WHOLE_BYTES);
        return switch (transport) {
            case TCP -> {
                Packet segment = Packets.tcp(from, fromPort, to, toPort);
                if (reply || !opening) {
                    segment.acknowledgment(1_001);
                }
                yield opening
                        ? segment.flags(reply ? SYN | ACK : SYN)
                        : segment.flags(PSH | ACK).payload(body);
            }
            case UDP -> Packets.udp(from, fromPort, to, toPort).payload(body);
            case SCTP -> {
                int chunk = opening ? (reply ? 2 : 1) : reply ? 11 : 10; // INIT, INIT ACK; COOKIE ECHO, COOKIE ACK
                yield Packets.sctp(from, fromPort, to, toPort).chunk(chunk, 0, body);
            }
            case ECHO -> {
                Packet echo = reply
                        ? Packets.echoReply(from, to, toPort, opening ? 1 : 2)
                        : Packets.echo(from, to, fromPort, opening ? 1 : 2);
                yield echo.payload(body);
            }
        };
    }

    private String client() {
        return ipv6 ? Lan.CLIENT6 : Lan.CLIENT;
    }

    private String vip() {
        return ipv6 ? Lan.VIP6 : Lan.VIP;
    }

    private String endpoint() {
        boolean of6 = ipv6 && mode != Mode.NAT64;
        if (mode == Mode.DSR_L3) {
            return of6 ? Lan.FAR_ENDPOINT6 : Lan.FAR_ENDPOINT;
        }
        return of6 ? Lan.E61 : Lan.E1;
    }

    /** Our own address towards the endpoint. */
    private String source() {
        return switch (mode) {
            case FULL_NAT -> ipv6 ? "fd00:80::250" : "192.168.80.250";
            case HOST_ONE_ARM, DSR_L3 -> ipv6 ? "fd00:80::5" : Lan.NODE;
            case NAT64 -> Lan.NODE;
            default -> vip();
        };
    }

    /** Such as {@code tcp one-arm ipv6 raw}. */
    @Override
    public String toString() {
        String words = transport + " " + mode.name().replace('_', '-') + (ipv6 ? " ipv6" : " ipv4");
        return words.toLowerCase(Locale.ROOT) + (raw ? " raw" : " xdp");
    }
}
