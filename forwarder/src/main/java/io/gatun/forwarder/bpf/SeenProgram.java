package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.util.Optional;

/**
 * A program that was found attached. Without CAP_SYS_ADMIN only its id is known: then {@link #program} is null, and it is
 * ours when it is on record.
 *
 * @param program owned by this object, or null
 */
record SeenProgram(int id, BpfProgram program, boolean ours) implements AutoCloseable {
    /**
     * Looks at a program, or tells that it is gone.
     *
     * @param namePrefix how the names of our programs start
     */
    static Optional<SeenProgram> look(Libc libc, int id, String namePrefix, ProgramRecord record) {
        try {
            return BpfProgram.fromId(libc, id)
                    .map(program -> new SeenProgram(id, program, program.name().startsWith(namePrefix)));
        } catch (SysException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            return Optional.of(new SeenProgram(id, null, record.has(id)));
        }
    }

    boolean unseen() {
        return program == null;
    }

    String name() {
        return unseen() ? "?" : program.name();
    }

    String tag() {
        return unseen() ? "?" : program.tag();
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }

    @Override
    public String toString() {
        return unseen() ? "id " + id : program.toString();
    }
}
