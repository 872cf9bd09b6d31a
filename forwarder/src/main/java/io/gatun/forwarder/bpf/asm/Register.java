package io.gatun.forwarder.bpf.asm;

/**
 * The eleven registers (RFC 9669 section 2). R0 holds results, R1-R5 arguments and are lost by a call, R6-R9 survive
 * calls, R10 is the read-only end of the 512-byte stack.
 */
public enum Register {
    R0(0),
    R1(1),
    R2(2),
    R3(3),
    R4(4),
    R5(5),
    R6(6),
    R7(7),
    R8(8),
    R9(9),
    R10(10);

    final int number;

    Register(int number) {
        this.number = number;
    }

    static String text(int number, boolean wide) {
        return (wide ? "r" : "w") + (number <= R10.number ? String.valueOf(number) : "?" + number);
    }
}
