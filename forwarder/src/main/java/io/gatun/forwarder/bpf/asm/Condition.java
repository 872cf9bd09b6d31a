package io.gatun.forwarder.bpf.asm;

/**
 * When a conditional jump is taken (RFC 9669 section 4.3, the code bits of the opcode). SET is true when the two
 * operands have a bit in common; names with S compare signed.
 */
public enum Condition {
    EQ(0x10, "=="),
    GT(0x20, ">"),
    GE(0x30, ">="),
    SET(0x40, "&"),
    NE(0x50, "!="),
    SGT(0x60, "s>"),
    SGE(0x70, "s>="),
    LT(0xa0, "<"),
    LE(0xb0, "<="),
    SLT(0xc0, "s<"),
    SLE(0xd0, "s<=");

    final int bits;
    final String text;

    Condition(int bits, String text) {
        this.bits = bits;
        this.text = text;
    }

    /** The condition of an opcode, or null for JA, CALL, EXIT and what is undefined. */
    static Condition of(int opcode) {
        for (Condition condition : values()) {
            if (condition.bits == (opcode & 0xf0)) {
                return condition;
            }
        }
        return null;
    }
}
