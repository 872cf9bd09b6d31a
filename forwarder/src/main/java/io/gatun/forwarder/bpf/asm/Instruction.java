package io.gatun.forwarder.bpf.asm;

import java.nio.ByteBuffer;

/**
 * One 64-bit slot (RFC 9669 section 3.1, struct bpf_insn). A 64-bit immediate load takes two slots; the second has
 * opcode 0 and the high half of the value.
 *
 * <pre>
 *   0        1         2            4                 8
 *   +--------+---------+------------+-----------------+
 *   | opcode | src|dst | offset s16 |  immediate s32  |
 *   +--------+---------+------------+-----------------+
 * </pre>
 */
record Instruction(int opcode, int dst, int src, int offset, int immediate) {
    static final int BYTES = 8;

    void encode(ByteBuffer littleEndian) {
        littleEndian.put((byte) opcode).put((byte) (src << 4 | dst));
        littleEndian.putShort((short) offset).putInt(immediate);
    }

    static Instruction decode(ByteBuffer littleEndian) {
        int opcode = littleEndian.get() & 0xff;
        int registers = littleEndian.get() & 0xff;
        return new Instruction(
                opcode, registers & 0x0f, registers >>> 4, littleEndian.getShort(), littleEndian.getInt());
    }

    Instruction withOffset(int newOffset) {
        return new Instruction(opcode, dst, src, newOffset, immediate);
    }

    Instruction withImmediate(int newImmediate) {
        return new Instruction(opcode, dst, src, offset, newImmediate);
    }

    int opcodeClass() {
        return opcode & Opcode.CLASS_MASK;
    }

    boolean isLddw() {
        return opcode == Opcode.LDDW;
    }

    boolean isJump() {
        boolean jumpClass = opcodeClass() == Opcode.JMP || opcodeClass() == Opcode.JMP32;
        int code = opcode & Opcode.CODE_MASK;
        return jumpClass && code != Opcode.CALL && code != Opcode.EXIT;
    }
}
