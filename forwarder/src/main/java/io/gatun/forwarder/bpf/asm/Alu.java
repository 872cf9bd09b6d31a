package io.gatun.forwarder.bpf.asm;

/** Arithmetic and logic (RFC 9669 section 4.1, the code bits of the opcode). */
public enum Alu {
    ADD(0x00, "+="),
    SUB(0x10, "-="),
    MUL(0x20, "*="),
    DIV(0x30, "/="),
    OR(0x40, "|="),
    AND(0x50, "&="),
    LSH(0x60, "<<="),
    RSH(0x70, ">>="),
    MOD(0x90, "%="),
    XOR(0xa0, "^="),
    MOV(0xb0, "="),
    ARSH(0xc0, "s>>=");

    final int bits;
    final String text;

    Alu(int bits, String text) {
        this.bits = bits;
        this.text = text;
    }

    /** The operation of an opcode, or null for NEG, END and what is undefined. */
    static Alu of(int opcode) {
        for (Alu operation : values()) {
            if (operation.bits == (opcode & 0xf0)) {
                return operation;
            }
        }
        return null;
    }
}
