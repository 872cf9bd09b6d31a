package io.gatun.forwarder.bpf.asm;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes slots as text, in the notation that the kernel's verifier uses in its log. */
final class Disassembler {
    private final List<Instruction> slots;
    private final Map<Integer, String> labels;
    private final Map<Integer, String> mapReferences;

    Disassembler(List<Instruction> slots, Map<Integer, String> labels, Map<Integer, String> mapReferences) {
        this.slots = slots;
        this.labels = new TreeMap<>(labels);
        this.mapReferences = mapReferences;
        nameJumpTargets();
    }

    String text() {
        StringBuilder out = new StringBuilder();
        for (int slot = 0; slot < slots.size(); slot++) {
            String label = labels.get(slot);
            if (label != null) {
                out.append(label).append(":\n");
            }
            out.append(String.format("%5d: ", slot)).append(line(slot)).append('\n');
            if (slots.get(slot).isLddw()) {
                slot++;
            }
        }
        return out.toString();
    }

    private void nameJumpTargets() {
        for (int slot = 0; slot < slots.size(); slot++) {
            Instruction instruction = slots.get(slot);
            if (instruction.isLddw()) {
                slot++;
            } else if (instruction.isJump()) {
                int target = slot + 1 + instruction.offset();
                labels.putIfAbsent(target, "L" + target);
            }
        }
    }

    private String line(int slot) {
        Instruction i = slots.get(slot);
        return switch (i.opcodeClass()) {
            case Opcode.LD -> i.isLddw() ? wideLoad(slot, i) : unknown(i);
            case Opcode.LDX -> memory(i, register(i.dst(), true) + " = " + pointer(i, i.src()));
            case Opcode.ST -> memory(i, pointer(i, i.dst()) + " = " + i.immediate());
            case Opcode.STX -> storeRegister(i);
            case Opcode.ALU32, Opcode.ALU64 -> arithmetic(i);
            default -> jump(slot, i);
        };
    }

    private String wideLoad(int slot, Instruction i) {
        String dst = register(i.dst(), true);
        String map = mapReferences.get(slot);
        if (map != null) {
            return dst + " = map " + map;
        }
        if (i.src() == Opcode.PSEUDO_MAP_FD) {
            return dst + " = map fd " + i.immediate();
        }
        if (slot + 1 >= slots.size()) {
            return unknown(i);
        }
        long high = slots.get(slot + 1).immediate();
        return dst + " = 0x" + Long.toHexString(high << 32 | Integer.toUnsignedLong(i.immediate())) + " ll";
    }

    private static String storeRegister(Instruction i) {
        String src = register(i.src(), true);
        if ((i.opcode() & Opcode.MODE_MASK) == Opcode.ATOMIC) {
            return i.immediate() == Alu.ADD.bits ? "lock " + pointer(i, i.dst()) + " += " + src : unknown(i);
        }
        return memory(i, pointer(i, i.dst()) + " = " + src);
    }

    private static String memory(Instruction i, String text) {
        return (i.opcode() & Opcode.MODE_MASK) == Opcode.MEM ? text : unknown(i);
    }

    private static String arithmetic(Instruction i) {
        boolean wide = i.opcodeClass() == Opcode.ALU64;
        String dst = register(i.dst(), wide);
        int code = i.opcode() & Opcode.CODE_MASK;
        if (code == Opcode.NEG) {
            return dst + " = -" + dst;
        }
        if (code == Opcode.END && !wide) {
            String order = (i.opcode() & Opcode.X) != 0 ? "be" : "le";
            String whole = register(i.dst(), true);
            return whole + " = " + order + i.immediate() + " " + whole;
        }
        Alu operation = Alu.of(i.opcode());
        return operation == null ? unknown(i) : dst + " " + operation.text + " " + operand(i, wide);
    }

    private String jump(int slot, Instruction i) {
        boolean wide = i.opcodeClass() == Opcode.JMP;
        String target = labels.get(slot + 1 + i.offset());
        Condition condition = Condition.of(i.opcode());
        if (condition != null) {
            return "if " + register(i.dst(), wide) + " " + condition.text + " " + operand(i, wide) + " goto " + target;
        }
        if (!wide) {
            return unknown(i);
        }
        return switch (i.opcode() & Opcode.CODE_MASK) {
            case Opcode.JA -> "goto " + target;
            case Opcode.CALL -> "call " + HelperCall.text(i.immediate());
            case Opcode.EXIT -> "exit";
            default -> unknown(i);
        };
    }

    private static String operand(Instruction i, boolean wide) {
        return (i.opcode() & Opcode.X) != 0 ? register(i.src(), wide) : String.valueOf(i.immediate());
    }

    private static String pointer(Instruction i, int base) {
        String sign = i.offset() < 0 ? " - " : " + ";
        return "*(" + Width.of(i.opcode()).text + " *)(" + register(base, true) + sign + Math.abs(i.offset()) + ")";
    }

    private static String register(int number, boolean wide) {
        return Register.text(number, wide);
    }

    private static String unknown(Instruction i) {
        return String.format("unknown opcode 0x%02x", i.opcode());
    }
}
