package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.SteeringHeaders.FIRST_FRAGMENT;
import static io.gatun.forwarder.bpf.SteeringHeaders.FRAGMENT_KEY;
import static io.gatun.forwarder.bpf.SteeringHeaders.networkOrder;
import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R10;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R3;
import static io.gatun.forwarder.bpf.asm.Register.R4;
import static io.gatun.forwarder.bpf.asm.Register.R5;
import static io.gatun.forwarder.bpf.asm.Register.R6;
import static io.gatun.forwarder.bpf.asm.Register.R7;
import static io.gatun.forwarder.bpf.asm.Register.R8;
import static io.gatun.forwarder.bpf.asm.Register.R9;
import static io.gatun.forwarder.bpf.asm.Width.B;
import static io.gatun.forwarder.bpf.asm.Width.DW;
import static io.gatun.forwarder.bpf.asm.Width.H;
import static io.gatun.forwarder.bpf.asm.Width.W;

import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.bpf.asm.Condition;
import io.gatun.forwarder.bpf.asm.HelperCall;
import io.gatun.forwarder.bpf.asm.Register;

/**
 * The program that decides whose a packet is, for each hook. At XDP ours goes to the AF_XDP socket of its queue, or is
 * dropped where there is none; at tcx it is dropped, since the tap has it already, whose own filter keeps nothing but
 * ours. All else passes to the host.
 *
 * <pre>
 *   not Ethernet II unicast IPv4 or IPv6, with up to one VLAN tag -----------> pass
 *   IPv6 to a multicast or link-local address, neighbour discovery, MLD -----> pass
 *   destination in gatun_addrN?
 *     yes, OWN_ALL ----------------------------------------------------------> ours
 *     yes or no, and a later fragment:
 *       in gatun_frag -------------------------------------------------------> ours
 *     yes, SNAT and our port is in the range --------------------------------> ours
 *     yes, SERVICES and (destination, our port, protocol) in gatun_svcN -----> ours
 *     no, and (source, its port, protocol) in gatun_epN ---------------------> ours
 *   else --------------------------------------------------------------------> pass
 * </pre>
 *
 * Our port is the destination port; of an echo reply the identifier; of an ICMP error the source port of the packet that
 * it quotes. Where the destination is unknown, an ICMP error is judged by the destination that it quotes: an endpoint
 * tells a client, through us, that its port is closed.
 *
 * <p>R6 context, R7 read position, R8 end of packet, R9 length of the IPv4 header, later the protocol and
 * FIRST_FRAGMENT; R3 is our port in host order. A copy of the value found in gatun_addrN is on the stack, 0 where nothing
 * was found: for a number the verifier walks the headers once, for a pointer that may be null twice.
 */
final class SteeringProgram {
    static final String XSKS = "gatun_xsks";
    static final String FRAGMENTS = "gatun_frag";

    /** struct xdp_md of include/uapi/linux/bpf.h; Linux 4.8, rx_queue_index 4.16. */
    private static final int MD_DATA = 0;

    private static final int MD_DATA_END = 4;
    private static final int MD_RX_QUEUE = 16;

    /** struct __sk_buff of include/uapi/linux/bpf.h; Linux 4.1, data and data_end 4.7. */
    private static final int SKB_LEN = 0;

    private static final int SKB_VLAN_PRESENT = 20;
    private static final int SKB_DATA = 76;
    private static final int SKB_DATA_END = 80;
    private static final int PULL_BYTES = 256;

    /** A UDP or ICMP header; of TCP and SCTP what an ICMP error quotes. */
    private static final int L4_BYTES = 8;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int ICMP_ID = 4;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;

    private static final int IP6_MULTICAST = 0xff;
    private static final int IP6_LINK_LOCAL = networkOrder(0xfe80);
    private static final int IP6_LINK_LOCAL_MASK = networkOrder(0xffc0);
    /** ICMPv6 types: MLD (RFC 2710) and neighbour discovery (RFC 4861), and MLDv2 (RFC 3810). */
    private static final int LINK_TYPE_FIRST = 130;

    private static final int LINK_TYPE_LAST = 137;
    private static final int MLD2_REPORT = 143;

    /** Whether the packet was pulled already, and the value of gatun_frag. */
    private static final int PULLED = -72;

    private static final int MARK = -80;

    /** What gatun_addrN says of the destination. */
    private static final int ENTRY = -88;

    /** More than any frame: a tap keeps all of it. */
    private static final int WHOLE = 1 << 20;

    /** Where a program runs. */
    private enum Place {
        XDP,
        TCX,
        /** The filter of an AF_PACKET socket, before tcx: what is ours is copied, all else is not. Linux 4.5. */
        TAP
    }

    private final Place place;
    private final boolean copying;
    private final Assembler asm = new Assembler();
    private final SteeringHeaders headers;

    private SteeringProgram(Place place, boolean copying) {
        this.place = place;
        this.copying = copying;
        HelperCall copy = place == Place.XDP ? HelperCall.XDP_LOAD_BYTES : HelperCall.SKB_LOAD_BYTES;
        this.headers = new SteeringHeaders(asm, copying ? copy : null);
    }

    static Code assemble(SteeringHook hook) {
        return new SteeringProgram(place(hook), false).program();
    }

    /** The same for those without CAP_PERFMON: it copies the headers that it looks at. */
    static Code assembleCopying(SteeringHook hook) {
        return new SteeringProgram(place(hook), true).program();
    }

    /** The filter of packet sockets that goes with the program at tcx. */
    static Code assembleFilter() {
        return new SteeringProgram(Place.TAP, true).program();
    }

    private static Place place(SteeringHook hook) {
        return hook == SteeringHook.XDP ? Place.XDP : Place.TCX;
    }

    private Code program() {
        packet();
        new SteeringEthernet(asm, headers).walk(this::tagTakenOff);
        for (SteeringFamily family : SteeringFamily.values()) {
            destinationAddress(family);
            tuple(family);
            verdict(family);
        }
        fragments();
        verdicts();
        return asm.assemble();
    }

    private void packet() {
        asm.mov(R6, R1);
        if (copying) {
            asm.mov(R7, 0);
        } else if (place == Place.TCX) {
            asm.mov(R2, 0);
            asm.store(DW, R10, PULLED, R2);
            asm.label("packet");
            asm.load(W, R7, R6, SKB_DATA);
            asm.load(W, R8, R6, SKB_DATA_END);
        } else {
            asm.load(W, R7, R6, MD_DATA);
            asm.load(W, R8, R6, MD_DATA_END);
        }
    }

    /** R2: whether the kernel has taken a tag off, of which it tells in the metadata. At XDP none is off yet. */
    private void tagTakenOff() {
        if (place == Place.XDP) {
            asm.mov(R2, 0);
        } else {
            asm.load(W, R2, R6, SKB_VLAN_PRESENT);
        }
    }

    /** OWN_ALL is decided here, before anything behind the IP header is looked at. */
    private void destinationAddress(SteeringFamily family) {
        asm.label(family.label);
        headers.shortUnless(family.headerBytes);
        headers.version(family, R9);
        if (family == SteeringFamily.IPV6) {
            headers.load(B, R2, family.destination);
            asm.jumpIf(Condition.EQ, R2, IP6_MULTICAST, "pass");
            headers.load(H, R2, family.destination);
            asm.alu(Alu.AND, R2, IP6_LINK_LOCAL_MASK);
            asm.jumpIf(Condition.EQ, R2, IP6_LINK_LOCAL, "pass");
        }
        copyAddress(family, family.destination);
        lookup(family.addresses, family.key());
        asm.jumpIf(Condition.EQ, R0, 0, family.label("unknown"));
        asm.load(DW, R1, R0, 0);
        asm.store(DW, R10, ENTRY, R1);
        asm.jumpIf(Condition.SET, R1, AddressEntry.OWN_ALL, family == SteeringFamily.IPV4 ? "ours" : "own_all6");
        asm.jumpIf(Condition.SET, R1, AddressEntry.SERVICES | AddressEntry.SNAT, family.label("tuple"));
        asm.jump("pass");
        asm.label(family.label("unknown"));
        asm.store(DW, R10, ENTRY, 0);
        copyAddress(family, family.source);
        asm.jump(family.label("tuple"));
        if (family == SteeringFamily.IPV6) {
            ownAll6();
        }
    }

    /** Of an address that is all ours, what keeps the link together is still the host's; MLD has hop-by-hop options. */
    private void ownAll6() {
        asm.label("own_all6");
        headers.load(B, R9, SteeringHeaders.IP6_NEXT_HEADER);
        asm.alu(Alu.ADD, R7, SteeringFamily.IPV6.headerBytes);
        asm.jumpIf(Condition.EQ, R9, SteeringFamily.IPV6.icmp, "own_all6_icmp");
        asm.jumpIf(Condition.NE, R9, 0, "ours");
        oursUnless(L4_BYTES);
        headers.skipOptions(R9);
        asm.jumpIf(Condition.NE, R9, SteeringFamily.IPV6.icmp, "ours");
        asm.label("own_all6_icmp");
        oursUnless(1);
        headers.load(B, R2, 0);
        asm.jumpIf(Condition.EQ, R2, MLD2_REPORT, "pass");
        asm.jumpIf(Condition.LT, R2, LINK_TYPE_FIRST, "ours");
        asm.jumpIf(Condition.LE, R2, LINK_TYPE_LAST, "pass");
        asm.jump("ours");
    }

    private void oursUnless(int bytes) {
        headers.unless(bytes, "ours");
    }

    /** Jumps unless the destination is known: then its end of the packet may be ours, otherwise the source's. */
    private void unlessKnown(String label) {
        asm.load(W, R1, R10, ENTRY + AddressEntry.FLAGS);
        asm.jumpIf(Condition.EQ, R1, 0, label);
    }

    /** Leaves address, port and protocol of the end that may be ours in the key, and the port in R3. */
    private void tuple(SteeringFamily family) {
        asm.label(family.label("tuple"));
        headers.outer(family, family.label);
        asm.store(H, R10, family.keyProtocol(), R9); // and the zero behind it
        asm.mov(R2, R9);
        asm.alu(Alu.OR, R9, R3);
        headers.shortUnless(L4_BYTES, R2);
        transport(R2, family, family.label("ports"));
        icmp(family);
        quotedPacket(family);
        asm.label(family.label("quoted_ports"));
        port(family, "quoted_", SOURCE_PORT, DESTINATION_PORT);
        asm.label(family.label("ports"));
        port(family, "", DESTINATION_PORT, SOURCE_PORT);
        echoIdentifier(family);
        asm.label(family.label("known_only"));
        unlessKnown("pass");
    }

    /** The port at one place where the destination is known, at the other where it is not. */
    private void port(SteeringFamily family, String prefix, int known, int unknown) {
        headers.load(H, R3, known);
        unlessKnown(family.label(prefix + "unknown_port"));
        asm.jump(family.label(prefix + "port"));
        asm.label(family.label(prefix + "unknown_port"));
        headers.load(H, R3, unknown);
        asm.label(family.label(prefix + "port"));
        asm.store(H, R10, family.keyPort(), R3);
        asm.be(R3, 16);
        asm.jump(family.label("verdict"));
    }

    /** Goes on with ICMP, jumps with a protocol that has ports, passes with any other. */
    private void transport(Register protocol, SteeringFamily family, String ports) {
        asm.jumpIf(Condition.EQ, protocol, TCP, ports);
        asm.jumpIf(Condition.EQ, protocol, UDP, ports);
        asm.jumpIf(Condition.EQ, protocol, SCTP, ports);
        asm.jumpIf(Condition.NE, protocol, family.icmp, "pass");
    }

    private void icmp(SteeringFamily family) {
        portless(family);
        headers.load(B, R2, 0);
        asm.jumpIf(Condition.EQ, R2, family.echoReply(), family.label("echo_reply"));
        asm.jumpIf(Condition.EQ, R2, family.echoRequest(), family.label("known_only"));
        for (int error : family.errors()) {
            asm.jumpIf(Condition.EQ, R2, error, family.label("quoted"));
        }
        asm.jump("pass");
    }

    /** An ICMP error quotes the IP header that it is about and at least 8 bytes more (RFC 792, RFC 4443). */
    private void quotedPacket(SteeringFamily family) {
        asm.label(family.label("quoted"));
        asm.alu(Alu.ADD, R7, L4_BYTES);
        headers.shortUnless(family.headerBytes, R3);
        headers.version(family, R5);
        unlessKnown(family.label("quoted_unknown"));
        passUnlessSourceIsKey(family);
        asm.jump(family.label("quoted_headers"));
        asm.label(family.label("quoted_unknown"));
        copyAddress(family, family.destination);
        asm.label(family.label("quoted_headers"));
        headers.quoted(family, family.label("quoted"));
        asm.store(H, R10, family.keyProtocol(), R5);
        headers.shortUnless(L4_BYTES, R3, R5);
        transport(R5, family, family.label("quoted_ports"));
        headers.load(B, R2, 0);
        asm.jumpIf(Condition.EQ, R2, family.echoRequest(), family.label("echo_reply"));
        asm.jumpIf(Condition.EQ, R2, family.echoReply(), family.label("known_only"));
        asm.jump("pass");
    }

    private void passUnlessSourceIsKey(SteeringFamily family) {
        var width = family == SteeringFamily.IPV4 ? W : DW;
        int step = Math.min(family.addressBytes, 8);
        for (int at = 0; at < family.addressBytes; at += step) {
            headers.load(width, R2, family.source + at);
            asm.load(width, R4, R10, family.key() + at);
            asm.jumpIf(Condition.NE, R2, R4, "pass");
        }
    }

    /** Echo without an identifier to judge by: port 0, in no SNAT range. */
    private void portless(SteeringFamily family) {
        asm.store(H, R10, family.keyPort(), 0);
        asm.mov(R3, 0);
    }

    /** An answer to an echo that went out from here, or an error about one. It is no request to a service: protocol 0. */
    private void echoIdentifier(SteeringFamily family) {
        asm.label(family.label("echo_reply"));
        unlessKnown(family.label("verdict"));
        asm.jumpIf(Condition.SET, R1, AddressEntry.HOST_ECHO, "host");
        asm.store(H, R10, family.keyProtocol(), 0);
        headers.load(H, R3, ICMP_ID);
        asm.be(R3, 16);
        asm.jump(family.label("verdict"));
    }

    private void verdict(SteeringFamily family) {
        asm.label(family.label("verdict"));
        unlessKnown(family.label("endpoint"));
        asm.mov(R2, R1);
        asm.alu(Alu.AND, R2, AddressEntry.SNAT);
        asm.jumpIf(Condition.EQ, R2, 0, family.label("service"));
        asm.load(H, R2, R10, ENTRY + AddressEntry.PORT_MIN);
        asm.jumpIf(Condition.LT, R3, R2, family.label("service"));
        asm.load(H, R2, R10, ENTRY + AddressEntry.PORT_MAX);
        asm.jumpIf(Condition.LE, R3, R2, "gatun");
        asm.label(family.label("service"));
        asm.alu(Alu.AND, R1, AddressEntry.SERVICES);
        asm.jumpIf(Condition.EQ, R1, 0, "host");
        lookup(family.services, family.key());
        asm.jumpIf(Condition.NE, R0, 0, "gatun");
        asm.jump("host");
        asm.label(family.label("endpoint"));
        lookup(family.endpoints, family.key());
        asm.jumpIf(Condition.NE, R0, 0, "gatun");
        asm.jump("host");
    }

    /** Later fragments go where their first one went, which is told by its tuple: to "gatun" or to the "host". */
    private void fragments() {
        asm.label("later_fragment");
        lookup(FRAGMENTS, FRAGMENT_KEY);
        asm.jumpIf(Condition.NE, R0, 0, "ours");
        asm.jump("pass");
        asm.label("host");
        asm.alu(Alu.AND, R9, FIRST_FRAGMENT);
        asm.jumpIf(Condition.EQ, R9, 0, "pass");
        mapAndKey(FRAGMENTS, FRAGMENT_KEY);
        asm.call(HelperCall.MAP_DELETE_ELEM);
        asm.jump("pass");
        asm.label("gatun");
        asm.alu(Alu.AND, R9, FIRST_FRAGMENT);
        asm.jumpIf(Condition.EQ, R9, 0, "ours");
        asm.store(W, R10, MARK, 1);
        mapAndKey(FRAGMENTS, FRAGMENT_KEY);
        asm.mov(R3, R10);
        asm.alu(Alu.ADD, R3, MARK);
        asm.mov(R4, 0);
        asm.call(HelperCall.MAP_UPDATE_ELEM);
    }

    private void verdicts() {
        asm.label("ours");
        if (place == Place.TAP) {
            asm.mov(R0, WHOLE);
            asm.exit();
            asm.label("short");
        } else if (place == Place.TCX) {
            asm.mov(R0, TcxAction.DROP);
            asm.exit();
            pull();
        } else {
            asm.loadMap(R1, XSKS);
            asm.load(W, R2, R6, MD_RX_QUEUE);
            asm.mov(R3, XdpAction.DROP);
            asm.call(HelperCall.REDIRECT_MAP);
            asm.exit();
            asm.label("short");
        }
        asm.label("pass");
        asm.mov(R0, passed());
        asm.exit();
    }

    private int passed() {
        return switch (place) {
            case XDP -> XdpAction.PASS;
            case TCX -> TcxAction.NEXT;
            case TAP -> 0;
        };
    }

    /** The linear part may end before the packet does: then the judgement starts again with more of it, once. */
    private void pull() {
        asm.label("short");
        if (copying) {
            return;
        }
        asm.load(DW, R2, R10, PULLED);
        asm.jumpIf(Condition.NE, R2, 0, "pass");
        asm.mov(R2, 1);
        asm.store(DW, R10, PULLED, R2);
        asm.load(W, R2, R6, SKB_LEN);
        asm.jumpIf(Condition.LE, R2, PULL_BYTES, "pull");
        asm.mov(R2, PULL_BYTES);
        asm.label("pull");
        asm.mov(R1, R6);
        asm.call(HelperCall.SKB_PULL_DATA);
        asm.jumpIf(Condition.EQ, R0, 0, "packet");
    }

    /** From the IP header at R7 to the key. */
    private void copyAddress(SteeringFamily family, int offset) {
        var width = family == SteeringFamily.IPV4 ? W : DW;
        int step = Math.min(family.addressBytes, 8);
        for (int at = 0; at < family.addressBytes; at += step) {
            headers.load(width, R2, offset + at);
            asm.store(width, R10, family.key() + at, R2);
        }
    }

    private void lookup(String map, int key) {
        mapAndKey(map, key);
        asm.call(HelperCall.MAP_LOOKUP_ELEM);
    }

    private void mapAndKey(String map, int key) {
        asm.loadMap(R1, map);
        asm.mov(R2, R10);
        asm.alu(Alu.ADD, R2, key);
    }
}
