package io.gatun.forwarder.bpf.asm;

/**
 * Numbers of the instruction encoding (RFC 9669 sections 3 to 5; include/uapi/linux/bpf_common.h and bpf.h). ALU, JMP
 * and loads since Linux 3.18, JMP32 since 5.1.
 */
final class Opcode {
    static final int CLASS_MASK = 0x07;
    static final int LD = 0x00;
    static final int LDX = 0x01;
    static final int ST = 0x02;
    static final int STX = 0x03;
    static final int ALU32 = 0x04;
    static final int JMP = 0x05;
    static final int JMP32 = 0x06;
    static final int ALU64 = 0x07;

    static final int MODE_MASK = 0xe0;
    static final int MEM = 0x60;
    static final int ATOMIC = 0xc0;

    /** The second operand is a register; otherwise the immediate. In END: to big-endian. */
    static final int X = 0x08;

    static final int CODE_MASK = 0xf0;
    static final int NEG = 0x80;
    static final int END = 0xd0;
    static final int JA = 0x00;
    static final int CALL = 0x80;
    static final int EXIT = 0x90;

    /** LD | IMM | DW: 64-bit immediate in two slots. */
    static final int LDDW = 0x18;

    /** BPF_PSEUDO_MAP_FD, in the source field of LDDW: the immediate is a map's descriptor; Linux 3.18. */
    static final int PSEUDO_MAP_FD = 1;

    private Opcode() {}
}
