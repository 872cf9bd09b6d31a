package io.gatun.api.state;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.gatun.api.model.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value in a file that is whole after any crash. For use by one thread at a time.
 *
 * @param <T> the value
 */
public final class StateFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private final Path file;
    private final Path previous;
    private final Path next;
    private final Function<byte[], T> decoder;

    /**
     * Names a file; nothing is read or written yet.
     *
     * @param file where it is kept; its directory must be there
     * @param decoder reads the value; any RuntimeException means that the file is damaged
     */
    public StateFile(Path file, Function<byte[], T> decoder) {
        this.file = file;
        this.previous = file.resolveSibling(file.getFileName() + ".previous");
        this.next = file.resolveSibling(file.getFileName() + ".next");
        this.decoder = decoder;
    }

    /**
     * The value last written. A damaged file is renamed to {@code NAME.damaged-N} and named in the log, and the version
     * before it is returned.
     *
     * @return empty when nothing readable was ever written
     */
    public Optional<T> read() throws IOException {
        Optional<T> current = readOrSetAside(file);
        return current.isPresent() ? current : readOrSetAside(previous);
    }

    /**
     * Replaces the value; on disk when this returns.
     *
     * @param value written as JSON
     */
    public void write(Object value) throws IOException {
        try (FileChannel channel = FileChannel.open(next, CREATE, TRUNCATE_EXISTING, WRITE)) {
            StateFiles.writeFully(channel, ByteBuffer.wrap(Json.bytes(value)), 0);
        }
        if (Files.exists(file)) {
            Files.move(file, previous, ATOMIC_MOVE, REPLACE_EXISTING);
        }
        Files.move(next, file, ATOMIC_MOVE, REPLACE_EXISTING);
        StateFiles.syncDirectoryOf(file);
    }

    /** Forgets the value and the one before it; for good when this returns. Nothing happens when there is none. */
    public void delete() throws IOException {
        boolean gone = Files.deleteIfExists(file);
        gone |= Files.deleteIfExists(previous);
        if (gone) {
            StateFiles.syncDirectoryOf(file);
        }
    }

    private Optional<T> readOrSetAside(Path path) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        byte[] bytes = Files.readAllBytes(path);
        try {
            return Optional.of(decoder.apply(bytes));
        } catch (RuntimeException e) {
            Path aside = StateFiles.freeName(path);
            Files.move(path, aside, ATOMIC_MOVE);
            LOG.warn(
                    "{} is damaged ({}), set aside as {}, going on with the version before it",
                    path,
                    e.getMessage(),
                    aside);
            return Optional.empty();
        }
    }
}
