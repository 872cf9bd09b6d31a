package io.gatun.forwarder.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ids of the steering programs that processes with this run directory have loaded since the machine started. To ask the
 * kernel for the name of a program that is attached takes CAP_SYS_ADMIN; who has not got it knows its own by their ids,
 * which the kernel does not give twice. A file of lines: the boot, then the ids. Belongs to one thread.
 */
public final class ProgramRecord {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramRecord.class);
    private static final String FILE = "steering-programs";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final Set<Integer> ids = new HashSet<>();

    private ProgramRecord(Path file) {
        this.file = file;
    }

    /** Knows nothing and keeps nothing. */
    public static ProgramRecord none() {
        return new ProgramRecord(null);
    }

    /** Reads the record of a run directory, or begins it; a damaged one is begun anew. */
    public static ProgramRecord open(Path runDirectory) {
        ProgramRecord programs = new ProgramRecord(runDirectory.resolve(FILE));
        try {
            programs.read();
        } catch (IOException | NumberFormatException e) {
            programs.ids.clear();
            LOG.warn(
                    "{} cannot be kept, a successor without CAP_SYS_ADMIN cannot replace the programs of this one: {}",
                    programs.file,
                    e.toString());
        }
        return programs;
    }

    void add(BpfProgram program) {
        if (!ids.add(program.id()) || file == null) {
            return;
        }
        try {
            Files.writeString(file, program.id() + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file, e.toString());
        }
    }

    boolean has(int id) {
        return ids.contains(id);
    }

    private void read() throws IOException {
        String boot = Files.readString(BOOT_ID).strip();
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        if (lines.isEmpty() || !lines.getFirst().equals(boot)) {
            Files.writeString(file, boot + "\n");
            return;
        }
        lines.stream().skip(1).map(Integer::valueOf).forEach(ids::add);
    }
}
