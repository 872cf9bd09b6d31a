package io.gatun.forwarder.bpf;

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
import io.gatun.forwarder.bpf.asm.Condition;
import io.gatun.forwarder.bpf.asm.HelperCall;
import io.gatun.forwarder.bpf.asm.Register;
import io.gatun.forwarder.bpf.asm.Width;

/**
 * The part of the steering program that walks from an IP header to the transport header: IPv4 options, IPv6 extension
 * headers, fragments.
 *
 * <p>An outer walk leaves the transport header in R7, its protocol in R9, and in R3 {@link #FIRST_FRAGMENT} or 0; a
 * fragment's identity is on the stack then. A walk of a quoted packet leaves the protocol in R5. Jumps out: "short"
 * where bytes are missing, "pass" where it makes no sense, "later_fragment".
 *
 * <p>A pointer into the packet to which the length of a header is added is what the verifier forbids to those without
 * CAP_PERFMON (a CPU may read elsewhere while it guesses). For them, and for the filter of a socket, which has no such
 * pointers, the program copies each header to its stack before it looks at it.
 *
 * <pre>
 *   key of gatun_frag; of IPv4 the addresses are mapped ones
 *   +-----------+----------------+--------------------+-------------+---------+
 *   | source 16 | destination 16 | identification u32 | protocol u8 | 0 (24)  |   IPv6: protocol 44
 *   +-----------+----------------+--------------------+-------------+---------+
 * </pre>
 */
final class SteeringHeaders {
    static final int FRAGMENT_KEY = -64;
    static final int FRAGMENT_KEY_BYTES = 40;

    /** Above all protocol numbers. */
    static final int FIRST_FRAGMENT = 0x100;

    static final int IP4_PROTOCOL = 9;
    static final int IP6_NEXT_HEADER = 6;

    private static final int IP4_ID = 4;
    private static final int IP4_FRAGMENT = 6;
    private static final int IP4_OFFSET = networkOrder(0x1fff);
    private static final int IP4_OFFSET_OR_MORE = networkOrder(0x3fff);

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int EXTENSION_BYTES = 8;
    private static final int EXTENSIONS_MAX = 4;
    /** Each step more multiplies what the verifier has to walk. */
    private static final int QUOTED_EXTENSIONS_MAX = 2;

    private static final int IP6_FRAGMENT = 2;
    private static final int IP6_ID = 4;
    private static final int IP6_OFFSET = networkOrder(0xfff8);
    private static final int IP6_MORE = networkOrder(1);

    private static final int KEY_DESTINATION = FRAGMENT_KEY + 16;
    private static final int KEY_ID = FRAGMENT_KEY + 32;
    private static final int KEY_PROTOCOL = FRAGMENT_KEY + 36;
    /** Bytes 8 to 11 of a mapped IPv4 address. */
    private static final int MAPPED = 0xffff_0000;

    /** What of the packet was copied last: as much as the longest header that is looked at. */
    private static final int WINDOW = -128;

    private static final int WINDOW_BYTES = 40;
    /** Below it, registers that a call would lose. */
    private static final int KEPT = WINDOW - 8;

    private final Assembler asm;
    private final HelperCall copy;

    /**
     * The walk of a program.
     *
     * @param copy what copies bytes of the packet: R6 is its context then, and R7 the read position as an offset; null
     *     when R7 and R8 are pointers into the packet itself
     */
    SteeringHeaders(Assembler asm, HelperCall copy) {
        this.asm = asm;
        this.copy = copy;
    }

    /** Loads from the read position on, bytes that the last {@link #unless} there has found. */
    void load(Width width, Register into, int offset) {
        if (copy == null) {
            asm.load(width, into, R7, offset);
        } else {
            asm.load(width, into, R10, WINDOW + offset);
        }
    }

    /** Walks from the IP header at R7, whose fixed part is there; of IPv4, R9 is its length. */
    void outer(SteeringFamily family, String label) {
        asm.mov(R3, 0);
        if (family == SteeringFamily.IPV4) {
            outer4(label);
        } else {
            outer6(label);
        }
    }

    /** Walks from the quoted IP header at R7, whose fixed part is there; of IPv4, R5 is its length. */
    void quoted(SteeringFamily family, String label) {
        if (family == SteeringFamily.IPV4) {
            load(H, R4, IP4_FRAGMENT);
            asm.jumpIf(Condition.SET, R4, IP4_OFFSET, "pass");
            load(B, R2, IP4_PROTOCOL);
            asm.alu(Alu.ADD, R7, R5);
            asm.mov(R5, R2);
        } else {
            load(B, R5, IP6_NEXT_HEADER);
            asm.alu(Alu.ADD, R7, SteeringFamily.IPV6.headerBytes);
            extensions(R5, label, /* outer= */ false);
        }
    }

    /** The register becomes the length of the header at R7: of IPv4 20 to 60; of IPv6 it is lost. */
    void version(SteeringFamily family, Register length) {
        load(B, length, 0);
        asm.mov(R2, length);
        asm.alu(Alu.RSH, R2, 4);
        asm.jumpIf(Condition.NE, R2, family.version(), "pass");
        if (family == SteeringFamily.IPV4) {
            asm.alu(Alu.AND, length, 0x0f);
            asm.alu(Alu.LSH, length, 2);
            asm.jumpIf(Condition.LT, length, family.headerBytes, "pass");
        }
    }

    private void outer4(String label) {
        load(B, R5, IP4_PROTOCOL);
        load(H, R4, IP4_FRAGMENT);
        asm.jumpIf(Condition.SET, R4, IP4_OFFSET_OR_MORE, label + "_fragment");
        asm.jump(label + "_headers_end");
        asm.label(label + "_fragment");
        mapped(FRAGMENT_KEY, SteeringFamily.IPV4.source);
        mapped(KEY_DESTINATION, SteeringFamily.IPV4.destination);
        load(H, R2, IP4_ID);
        asm.store(W, R10, KEY_ID, R2);
        asm.store(W, R10, KEY_PROTOCOL, R5);
        asm.jumpIf(Condition.SET, R4, IP4_OFFSET, "later_fragment");
        asm.mov(R3, FIRST_FRAGMENT);
        asm.label(label + "_headers_end");
        asm.alu(Alu.ADD, R7, R9);
        asm.mov(R9, R5);
    }

    private void mapped(int key, int address) {
        load(W, R2, address);
        asm.store(DW, R10, key, 0);
        asm.store(W, R10, key + 8, MAPPED);
        asm.store(W, R10, key + 12, R2);
    }

    /** Most packets have no extension header; the addresses are kept only for those that do. */
    private void outer6(String label) {
        load(B, R9, IP6_NEXT_HEADER);
        for (int extension : new int[] {HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS}) {
            asm.jumpIf(Condition.EQ, R9, extension, label + "_extended");
        }
        asm.alu(Alu.ADD, R7, SteeringFamily.IPV6.headerBytes);
        asm.jump(label + "_headers_end");
        asm.label(label + "_extended");
        for (int at = 0; at < 32; at += 8) {
            load(DW, R2, SteeringFamily.IPV6.source + at);
            asm.store(DW, R10, FRAGMENT_KEY + at, R2);
        }
        asm.alu(Alu.ADD, R7, SteeringFamily.IPV6.headerBytes);
        extensions(R9, label, /* outer= */ true);
    }

    private void extensions(Register next, String label, boolean outer) {
        int max = outer ? EXTENSIONS_MAX : QUOTED_EXTENSIONS_MAX;
        for (int i = 0; i < max; i++) {
            String step = label + "_extension" + i;
            String following = i + 1 < max ? label + "_extension" + (i + 1) : label + "_headers_end";
            asm.label(step);
            asm.jumpIf(Condition.EQ, next, FRAGMENT, step + "_fragment");
            asm.jumpIf(Condition.EQ, next, HOP_BY_HOP, step + "_options");
            asm.jumpIf(Condition.EQ, next, ROUTING, step + "_options");
            asm.jumpIf(Condition.NE, next, DESTINATION_OPTIONS, label + "_headers_end");
            asm.label(step + "_options");
            shortUnless(EXTENSION_BYTES, R3, next);
            skipOptions(next);
            asm.jump(following);
            asm.label(step + "_fragment");
            shortUnless(EXTENSION_BYTES, R3, next);
            fragment(next, following, outer);
        }
        asm.label(label + "_headers_end");
    }

    /** Next header u8, length u8 in units of 8 bytes without the first. */
    void skipOptions(Register next) {
        load(B, next, 0);
        load(B, R2, 1);
        asm.alu(Alu.ADD, R2, 1);
        asm.alu(Alu.LSH, R2, 3);
        asm.alu(Alu.ADD, R7, R2);
    }

    private void fragment(Register next, String following, boolean outer) {
        load(B, next, 0);
        load(H, R4, IP6_FRAGMENT);
        if (outer) {
            load(W, R2, IP6_ID);
            asm.store(W, R10, KEY_ID, R2);
            asm.store(W, R10, KEY_PROTOCOL, FRAGMENT);
        }
        asm.jumpIf(Condition.SET, R4, IP6_OFFSET, outer ? "later_fragment" : "pass");
        asm.alu(Alu.ADD, R7, EXTENSION_BYTES);
        if (outer) {
            asm.alu(Alu.AND, R4, IP6_MORE);
            asm.jumpIf(Condition.EQ, R4, 0, following);
            asm.mov(R3, FIRST_FRAGMENT);
        }
        asm.jump(following);
    }

    void shortUnless(int bytes, Register... kept) {
        unless(bytes, "short", kept);
    }

    /**
     * Jumps unless so many bytes follow.
     *
     * @param kept of R0 to R5, what is still needed behind; all others may be lost
     */
    void unless(int bytes, String label, Register... kept) {
        if (copy == null) {
            asm.mov(R4, R7);
            asm.alu(Alu.ADD, R4, bytes);
            asm.jumpIf(Condition.GT, R4, R8, label);
            return;
        }
        if (bytes > WINDOW_BYTES) {
            throw new IllegalArgumentException("bytes=" + bytes + ", a window has " + WINDOW_BYTES);
        }
        for (int i = 0; i < kept.length; i++) {
            asm.store(DW, R10, KEPT - 8 * i, kept[i]);
        }
        asm.mov(R1, R6);
        asm.mov(R2, R7);
        asm.mov(R3, R10);
        asm.alu(Alu.ADD, R3, WINDOW);
        asm.mov(R4, bytes);
        asm.call(copy);
        asm.jumpIf(Condition.NE, R0, 0, label);
        for (int i = 0; i < kept.length; i++) {
            asm.load(DW, kept[i], R10, KEPT - 8 * i);
        }
    }

    /** A 16-bit field of a packet as a little-endian machine loads it. */
    static int networkOrder(int value) {
        return Short.toUnsignedInt(Short.reverseBytes((short) value));
    }
}
