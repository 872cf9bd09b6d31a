package io.gatun.forwarder.bpf.asm;

/** How many bytes a load or store moves (RFC 9669 section 5, the size bits of the opcode). */
public enum Width {
    W(0x00, "u32"),
    H(0x08, "u16"),
    B(0x10, "u8"),
    DW(0x18, "u64");

    private static final int MASK = 0x18;

    final int bits;
    final String text;

    Width(int bits, String text) {
        this.bits = bits;
        this.text = text;
    }

    static Width of(int opcode) {
        return switch (opcode & MASK) {
            case 0x00 -> W;
            case 0x08 -> H;
            case 0x10 -> B;
            default -> DW;
        };
    }
}
