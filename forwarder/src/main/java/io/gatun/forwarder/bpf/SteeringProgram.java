package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R10;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R3;
import static io.gatun.forwarder.bpf.asm.Register.R4;
import static io.gatun.forwarder.bpf.asm.Register.R6;
import static io.gatun.forwarder.bpf.asm.Register.R7;
import static io.gatun.forwarder.bpf.asm.Register.R8;
import static io.gatun.forwarder.bpf.asm.Register.R9;
import static io.gatun.forwarder.bpf.asm.Width.B;
import static io.gatun.forwarder.bpf.asm.Width.H;
import static io.gatun.forwarder.bpf.asm.Width.W;

import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.bpf.asm.Condition;
import io.gatun.forwarder.bpf.asm.HelperCall;

/**
 * The XDP program that decides whose a packet is. Ours goes to the AF_XDP socket of its queue, or is dropped where there
 * is none; all else passes to the host.
 *
 * <pre>
 *   not Ethernet II unicast IPv4 with a whole header ------------------------> pass
 *   destination in gatun_addr4?
 *     yes, OWN_ALL ----------------------------------------------------------> ours
 *     yes, SNAT and our port is in the range --------------------------------> ours
 *     yes, SERVICES and (destination, our port, protocol) in gatun_svc4 -----> ours
 *     no, and (source, its port, protocol) in gatun_ep4 ---------------------> ours
 *   else --------------------------------------------------------------------> pass
 * </pre>
 *
 * Our port is the destination port; of an echo reply the identifier; of an ICMP error the source port of the packet that
 * it quotes. Where the destination is unknown, an ICMP error is judged by the destination that it quotes: an endpoint
 * tells a client, through us, that its port is closed.
 *
 * <p>R6 context, R7 read position, R8 end of packet, R9 header length. R0 keeps the value found in gatun_addr4 until the
 * next call; R3 is our port in host order.
 */
final class SteeringProgram {
    static final String NAME = "gatun_steer";
    static final String ADDRESSES = "gatun_addr4";
    static final String SERVICES = "gatun_svc4";
    static final String ENDPOINTS = "gatun_ep4";
    static final String XSKS = "gatun_xsks";

    /** struct xdp_md of include/uapi/linux/bpf.h; Linux 4.8, rx_queue_index 4.16. */
    private static final int MD_DATA = 0;

    private static final int MD_DATA_END = 4;
    private static final int MD_RX_QUEUE = 16;

    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    /** A UDP or ICMP header; of TCP the ports and the sequence number. */
    private static final int L4_BYTES = 8;

    private static final int ETHERTYPE = 12;
    private static final int IP = ETHERNET_BYTES;
    private static final int IP_FRAGMENT = 6;
    private static final int IP_PROTOCOL = 9;
    private static final int IP_SOURCE = 12;
    private static final int IP_DESTINATION = 16;
    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int ICMP_ID = 4;

    private static final int TYPE_IPV4 = networkOrder(0x0800);
    private static final int FRAGMENT_OFFSET = networkOrder(0x1fff);
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ECHO_REPLY = 0;
    private static final int UNREACHABLE = 3;
    private static final int ECHO_REQUEST = 8;
    private static final int TIME_EXCEEDED = 11;
    private static final int PARAMETER_PROBLEM = 12;

    /** Key of the three hash maps, on the stack: address u32, port u16, protocol u8, zero u8; network byte order. */
    private static final int KEY = -8;

    private static final int KEY_ADDRESS = KEY;
    private static final int KEY_PORT = KEY + 4;
    private static final int KEY_PROTOCOL = KEY + 6;

    private final Assembler asm = new Assembler();

    private SteeringProgram() {}

    static Code assemble() {
        return new SteeringProgram().program();
    }

    private Code program() {
        ethernetAndIp();
        destinationAddress();
        tuple(End.LOCAL);
        localVerdict();
        tuple(End.REMOTE);
        remoteVerdict();
        verdicts();
        return asm.assemble();
    }

    /** Which end of the packet may be ours, and where that end stands in a header and in a quoted header. */
    private enum End {
        LOCAL("local", DESTINATION_PORT, SOURCE_PORT),
        REMOTE("remote", SOURCE_PORT, DESTINATION_PORT);

        final String label;
        final int port;
        final int quotedPort;

        End(String label, int port, int quotedPort) {
            this.label = label;
            this.port = port;
            this.quotedPort = quotedPort;
        }

        String label(String place) {
            return label + "_" + place;
        }
    }

    private void ethernetAndIp() {
        asm.mov(R6, R1);
        asm.load(W, R7, R6, MD_DATA);
        asm.load(W, R8, R6, MD_DATA_END);
        passIfShorter(ETHERNET_BYTES + IPV4_BYTES);
        asm.load(H, R2, R7, ETHERTYPE);
        asm.jumpIf(Condition.NE, R2, TYPE_IPV4, "pass");
        asm.load(B, R2, R7, 0);
        asm.jumpIf(Condition.SET, R2, 1, "pass"); // group address: broadcast or multicast
        headerLength(IP);
    }

    /** OWN_ALL is decided here, before anything behind the IP header is looked at. */
    private void destinationAddress() {
        asm.load(W, R2, R7, IP + IP_DESTINATION);
        asm.store(W, R10, KEY_ADDRESS, R2);
        lookup(ADDRESSES);
        asm.jumpIf(Condition.EQ, R0, 0, End.REMOTE.label);
        asm.load(W, R1, R0, AddressEntry.FLAGS);
        asm.jumpIf(Condition.SET, R1, AddressEntry.OWN_ALL, "ours");
        asm.jumpIf(Condition.SET, R1, AddressEntry.SERVICES | AddressEntry.SNAT, End.LOCAL.label);
        asm.jump("pass");
    }

    /** Leaves address, port and protocol of the end in KEY, and for LOCAL the port in R3. */
    private void tuple(End end) {
        asm.label(end.label);
        passIfLaterFragment(IP);
        if (end == End.REMOTE) {
            asm.load(W, R2, R7, IP + IP_SOURCE);
            asm.store(W, R10, KEY_ADDRESS, R2);
        }
        asm.load(B, R2, R7, IP + IP_PROTOCOL);
        asm.store(H, R10, KEY_PROTOCOL, R2); // and the zero behind it
        asm.alu(Alu.ADD, R7, ETHERNET_BYTES);
        asm.alu(Alu.ADD, R7, R9);
        passIfShorter(L4_BYTES);
        asm.jumpIf(Condition.EQ, R2, TCP, end.label("ports"));
        asm.jumpIf(Condition.EQ, R2, UDP, end.label("ports"));
        asm.jumpIf(Condition.NE, R2, ICMP, "pass");
        icmp(end);
        quotedPacket(end);
        asm.label(end.label("quoted_ports"));
        asm.load(H, R3, R7, end.quotedPort);
        asm.jump(end.label("port"));
        asm.label(end.label("ports"));
        asm.load(H, R3, R7, end.port);
        asm.label(end.label("port"));
        asm.store(H, R10, KEY_PORT, R3);
        asm.be(R3, 16);
        asm.jump(end.label("verdict"));
        if (end == End.LOCAL) {
            echoIdentifier();
        }
    }

    private void icmp(End end) {
        portless();
        asm.load(B, R2, R7, 0);
        asm.jumpIf(Condition.EQ, R2, ECHO_REPLY, end.label(end == End.LOCAL ? "echo_reply" : "verdict"));
        if (end == End.LOCAL) {
            asm.jumpIf(Condition.EQ, R2, ECHO_REQUEST, end.label("verdict"));
        }
        asm.jumpIf(Condition.EQ, R2, UNREACHABLE, end.label("quoted"));
        asm.jumpIf(Condition.EQ, R2, TIME_EXCEEDED, end.label("quoted"));
        asm.jumpIf(Condition.NE, R2, PARAMETER_PROBLEM, "pass");
    }

    /** An ICMP error quotes the IP header that it is about and at least 8 bytes more (RFC 792). */
    private void quotedPacket(End end) {
        asm.label(end.label("quoted"));
        asm.alu(Alu.ADD, R7, L4_BYTES);
        passIfShorter(IPV4_BYTES);
        headerLength(0);
        passIfLaterFragment(0);
        if (end == End.LOCAL) {
            asm.load(W, R2, R7, IP_SOURCE);
            asm.load(W, R4, R10, KEY_ADDRESS);
            asm.jumpIf(Condition.NE, R2, R4, "pass");
        } else {
            asm.load(W, R2, R7, IP_DESTINATION);
            asm.store(W, R10, KEY_ADDRESS, R2);
        }
        asm.load(B, R2, R7, IP_PROTOCOL);
        asm.store(H, R10, KEY_PROTOCOL, R2);
        asm.alu(Alu.ADD, R7, R9);
        passIfShorter(L4_BYTES);
        asm.jumpIf(Condition.EQ, R2, TCP, end.label("quoted_ports"));
        asm.jumpIf(Condition.EQ, R2, UDP, end.label("quoted_ports"));
        asm.jumpIf(Condition.NE, R2, ICMP, "pass");
        asm.load(B, R2, R7, 0);
        asm.jumpIf(Condition.EQ, R2, ECHO_REQUEST, end.label(end == End.LOCAL ? "echo_reply" : "verdict"));
        if (end == End.LOCAL) {
            asm.jumpIf(Condition.EQ, R2, ECHO_REPLY, end.label("verdict"));
        }
        asm.jump("pass");
    }

    /** Echo without an identifier to judge by: port 0, in no SNAT range. */
    private void portless() {
        asm.store(H, R10, KEY_PORT, 0);
        asm.mov(R3, 0);
    }

    /** An answer to an echo that went out from here, or an error about one. It is no request to a service: protocol 0. */
    private void echoIdentifier() {
        asm.label(End.LOCAL.label("echo_reply"));
        asm.load(W, R1, R0, AddressEntry.FLAGS);
        asm.jumpIf(Condition.SET, R1, AddressEntry.HOST_ECHO, "pass");
        asm.store(H, R10, KEY_PROTOCOL, 0);
        asm.load(H, R3, R7, ICMP_ID);
        asm.be(R3, 16);
    }

    private void localVerdict() {
        asm.label(End.LOCAL.label("verdict"));
        asm.load(W, R1, R0, AddressEntry.FLAGS);
        asm.jumpIf(Condition.SET, R1, AddressEntry.SNAT, "snat");
        asm.jump("service");
        asm.label("snat");
        asm.load(H, R2, R0, AddressEntry.PORT_MIN);
        asm.jumpIf(Condition.LT, R3, R2, "service");
        asm.load(H, R2, R0, AddressEntry.PORT_MAX);
        asm.jumpIf(Condition.LE, R3, R2, "ours");
        asm.label("service");
        asm.jumpIf(Condition.SET, R1, AddressEntry.SERVICES, "service_lookup");
        asm.jump("pass");
        asm.label("service_lookup");
        lookup(SERVICES);
        asm.jumpIf(Condition.NE, R0, 0, "ours");
        asm.jump("pass");
    }

    private void remoteVerdict() {
        asm.label(End.REMOTE.label("verdict"));
        lookup(ENDPOINTS);
        asm.jumpIf(Condition.EQ, R0, 0, "pass");
    }

    private void verdicts() {
        asm.label("ours");
        asm.loadMap(R1, XSKS);
        asm.load(W, R2, R6, MD_RX_QUEUE);
        asm.mov(R3, XdpAction.DROP);
        asm.call(HelperCall.REDIRECT_MAP);
        asm.exit();
        asm.label("pass");
        asm.mov(R0, XdpAction.PASS);
        asm.exit();
    }

    /** R9 becomes the length of the IPv4 header at an offset from R7, 20 to 60. */
    private void headerLength(int at) {
        asm.load(B, R9, R7, at);
        asm.mov(R2, R9);
        asm.alu(Alu.RSH, R2, 4);
        asm.jumpIf(Condition.NE, R2, 4, "pass");
        asm.alu(Alu.AND, R9, 0x0f);
        asm.alu(Alu.LSH, R9, 2);
        asm.jumpIf(Condition.LT, R9, IPV4_BYTES, "pass");
    }

    private void passIfLaterFragment(int at) {
        asm.load(H, R4, R7, at + IP_FRAGMENT);
        asm.jumpIf(Condition.SET, R4, FRAGMENT_OFFSET, "pass");
    }

    private void passIfShorter(int bytes) {
        asm.mov(R4, R7);
        asm.alu(Alu.ADD, R4, bytes);
        asm.jumpIf(Condition.GT, R4, R8, "pass");
    }

    private void lookup(String map) {
        asm.loadMap(R1, map);
        asm.mov(R2, R10);
        asm.alu(Alu.ADD, R2, KEY);
        asm.call(HelperCall.MAP_LOOKUP_ELEM);
    }

    /** A 16-bit field of a packet as a little-endian machine loads it. */
    private static int networkOrder(int value) {
        return Short.toUnsignedInt(Short.reverseBytes((short) value));
    }
}
