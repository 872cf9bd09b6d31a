package io.gatun.forwarder.bpf.asm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a program instruction by instruction. Jumps name labels, which may come later; {@link #assemble} resolves
 * them. ALU operations and jumps are 64 bits wide unless their name ends in 32.
 */
public final class Assembler {
    private static final int NONE = 0;

    private final List<Instruction> slots = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> jumps = new HashMap<>();
    private final Map<Integer, String> mapReferences = new HashMap<>();

    /** Names the next instruction. */
    public Assembler label(String name) {
        Integer earlier = labels.putIfAbsent(name, slots.size());
        if (earlier != null) {
            throw new AssemblyException("label " + name + " is defined twice, at " + earlier + " and " + slots.size());
        }
        return this;
    }

    public Assembler alu(Alu operation, Register dst, Register src) {
        return add(Opcode.ALU64 | Opcode.X | operation.bits, dst.number, src.number, 0, 0);
    }

    /** The immediate is sign-extended to 64 bits. */
    public Assembler alu(Alu operation, Register dst, int immediate) {
        return add(Opcode.ALU64 | operation.bits, dst.number, NONE, 0, immediate);
    }

    /** On the low half; the high half becomes zero. */
    public Assembler alu32(Alu operation, Register dst, Register src) {
        return add(Opcode.ALU32 | Opcode.X | operation.bits, dst.number, src.number, 0, 0);
    }

    /** On the low half; the high half becomes zero. */
    public Assembler alu32(Alu operation, Register dst, int immediate) {
        return add(Opcode.ALU32 | operation.bits, dst.number, NONE, 0, immediate);
    }

    public Assembler mov(Register dst, Register src) {
        return alu(Alu.MOV, dst, src);
    }

    public Assembler mov(Register dst, int immediate) {
        return alu(Alu.MOV, dst, immediate);
    }

    public Assembler neg(Register dst) {
        return add(Opcode.ALU64 | Opcode.NEG, dst.number, NONE, 0, 0);
    }

    /** Host order to big-endian, and back, of the low {@code bits} (16, 32 or 64); the rest becomes zero. */
    public Assembler be(Register dst, int bits) {
        return add(Opcode.ALU32 | Opcode.X | Opcode.END, dst.number, NONE, 0, swapBits(bits));
    }

    /** Host order to little-endian, and back, of the low {@code bits} (16, 32 or 64); the rest becomes zero. */
    public Assembler le(Register dst, int bits) {
        return add(Opcode.ALU32 | Opcode.END, dst.number, NONE, 0, swapBits(bits));
    }

    /** {@code dst = *(base + offset)}, zero-extended. */
    public Assembler load(Width width, Register dst, Register base, int offset) {
        return add(Opcode.LDX | Opcode.MEM | width.bits, dst.number, base.number, offset, 0);
    }

    /** {@code *(base + offset) = src}. */
    public Assembler store(Width width, Register base, int offset, Register src) {
        return add(Opcode.STX | Opcode.MEM | width.bits, base.number, src.number, offset, 0);
    }

    /** {@code *(base + offset) = immediate}. */
    public Assembler store(Width width, Register base, int offset, int immediate) {
        return add(Opcode.ST | Opcode.MEM | width.bits, base.number, NONE, offset, immediate);
    }

    /** {@code *(base + offset) += src}, atomically; W or DW. */
    public Assembler atomicAdd(Width width, Register base, int offset, Register src) {
        if (width != Width.W && width != Width.DW) {
            throw new AssemblyException("atomicAdd width=" + width + ", use W or DW");
        }
        return add(Opcode.STX | Opcode.ATOMIC | width.bits, base.number, src.number, offset, Alu.ADD.bits);
    }

    /** A 64-bit constant; takes two slots. */
    public Assembler loadImmediate(Register dst, long value) {
        add(Opcode.LDDW, dst.number, NONE, 0, (int) value);
        return add(0, NONE, NONE, 0, (int) (value >>> 32));
    }

    /** The address of a map, by a name that {@link Code#link} turns into a descriptor; takes two slots. */
    public Assembler loadMap(Register dst, String map) {
        mapReferences.put(slots.size(), map);
        add(Opcode.LDDW, dst.number, Opcode.PSEUDO_MAP_FD, 0, 0);
        return add(0, NONE, NONE, 0, 0);
    }

    public Assembler jump(String label) {
        return jumpTo(label, Opcode.JMP | Opcode.JA, NONE, NONE, 0);
    }

    public Assembler jumpIf(Condition condition, Register left, Register right, String label) {
        return jumpTo(label, Opcode.JMP | Opcode.X | condition.bits, left.number, right.number, 0);
    }

    /** The immediate is sign-extended to 64 bits. */
    public Assembler jumpIf(Condition condition, Register left, int immediate, String label) {
        return jumpTo(label, Opcode.JMP | condition.bits, left.number, NONE, immediate);
    }

    /** Compares the low halves. */
    public Assembler jumpIf32(Condition condition, Register left, Register right, String label) {
        return jumpTo(label, Opcode.JMP32 | Opcode.X | condition.bits, left.number, right.number, 0);
    }

    /** Compares the low halves. */
    public Assembler jumpIf32(Condition condition, Register left, int immediate, String label) {
        return jumpTo(label, Opcode.JMP32 | condition.bits, left.number, NONE, immediate);
    }

    public Assembler call(HelperCall function) {
        return add(Opcode.JMP | Opcode.CALL, NONE, NONE, 0, function.id);
    }

    public Assembler exit() {
        return add(Opcode.JMP | Opcode.EXIT, NONE, NONE, 0, 0);
    }

    /**
     * Resolves the labels.
     *
     * @throws AssemblyException for an undefined label, a label behind the last instruction, or a jump too far
     */
    public Code assemble() {
        List<Instruction> resolved = new ArrayList<>(slots);
        Map<Integer, String> targets = new HashMap<>();
        labels.forEach((name, slot) -> {
            if (slot == slots.size()) {
                throw new AssemblyException("label " + name + " names no instruction, it is behind the last one");
            }
            targets.merge(slot, name, (a, b) -> a.compareTo(b) < 0 ? a + ", " + b : b + ", " + a);
        });
        jumps.forEach((slot, name) -> resolved.set(slot, resolved.get(slot).withOffset(distance(slot, name))));
        return new Code(resolved, targets, mapReferences);
    }

    private int distance(int slot, String label) {
        Integer target = labels.get(label);
        if (target == null) {
            throw new AssemblyException("label " + label + ", jumped to at " + slot + ", is not defined");
        }
        return checkOffset(target - slot - 1, "jump at " + slot + " to " + label);
    }

    private Assembler jumpTo(String label, int opcode, int dst, int src, int immediate) {
        jumps.put(slots.size(), label);
        return add(opcode, dst, src, 0, immediate);
    }

    private Assembler add(int opcode, int dst, int src, int offset, int immediate) {
        slots.add(new Instruction(opcode, dst, src, checkOffset(offset, "instruction " + slots.size()), immediate));
        return this;
    }

    private static int checkOffset(int offset, String what) {
        if (offset != (short) offset) {
            throw new AssemblyException(what + " has offset=" + offset + ", beyond 16 signed bits");
        }
        return offset;
    }

    private static int swapBits(int bits) {
        if (bits != 16 && bits != 32 && bits != 64) {
            throw new AssemblyException("bits=" + bits + ", use 16, 32 or 64");
        }
        return bits;
    }
}
