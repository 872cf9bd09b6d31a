package io.gatun.forwarder.bpf.asm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/** An assembled program: its slots, the names of its jump targets, and the maps that it refers to by name. */
public final class Code {
    private final List<Instruction> slots;
    private final Map<Integer, String> labels;
    private final Map<Integer, String> mapReferences;

    Code(List<Instruction> slots, Map<Integer, String> labels, Map<Integer, String> mapReferences) {
        this.slots = List.copyOf(slots);
        this.labels = new TreeMap<>(labels);
        this.mapReferences = new TreeMap<>(mapReferences);
    }

    /** Reads encoded slots, as {@link #link} wrote them; names are gone. */
    public static Code decode(byte[] encoded) {
        if (encoded.length % Instruction.BYTES != 0) {
            throw new AssemblyException("length=" + encoded.length + " is not a multiple of " + Instruction.BYTES);
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        List<Instruction> slots = new ArrayList<>(encoded.length / Instruction.BYTES);
        while (bytes.hasRemaining()) {
            slots.add(Instruction.decode(bytes));
        }
        return new Code(slots, Map.of(), Map.of());
    }

    /** Number of 8-byte slots. */
    public int size() {
        return slots.size();
    }

    /** Names of the maps to give to {@link #link}. */
    public Set<String> maps() {
        return new TreeSet<>(mapReferences.values());
    }

    /**
     * Encodes the program for the kernel.
     *
     * @param descriptorOf map name to descriptor in this process
     */
    public byte[] link(ToIntFunction<String> descriptorOf) {
        ByteBuffer bytes = ByteBuffer.allocate(slots.size() * Instruction.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 0; slot < slots.size(); slot++) {
            String map = mapReferences.get(slot);
            Instruction instruction = slots.get(slot);
            (map == null ? instruction : instruction.withImmediate(descriptorOf.applyAsInt(map))).encode(bytes);
        }
        return bytes.array();
    }

    /** One line per instruction, with labels and map names where they are known. */
    public String disassemble() {
        return new Disassembler(slots, labels, mapReferences).text();
    }
}
