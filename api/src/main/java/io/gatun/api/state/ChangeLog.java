package io.gatun.api.state;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.gatun.api.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes in a file, a line of JSON each. For use by one thread at a time.
 *
 * @param <C> a change
 */
public final class ChangeLog<C> {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    private final Path file;
    private final Function<byte[], C> decoder;
    private long end;

    /**
     * Names a file; nothing is read or written yet.
     *
     * @param file where they are kept; its directory must be there
     * @param decoder reads a change; any RuntimeException means that the line is damaged
     */
    public ChangeLog(Path file, Function<byte[], C> decoder) {
        this.file = file;
        this.decoder = decoder;
    }

    /** Whether anything was ever appended. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * What was appended, in that order. A last line without its end is of an {@link #append} that never returned, and is
     * left out. With a damaged line the file is copied to {@code NAME.damaged-N} and named in the log, and what is before
     * that line is kept and returned.
     */
    public List<C> read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<C> changes = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                byte[] line = Arrays.copyOfRange(bytes, start, i);
                try {
                    changes.add(decoder.apply(line));
                } catch (RuntimeException e) {
                    Path aside = keep(start);
                    LOG.warn(
                            "{} is damaged in line {} ({}), copied to {}, going on with the lines before it",
                            file,
                            changes.size() + 1,
                            e.getMessage(),
                            aside);
                    break;
                }
                start = i + 1;
            }
        }
        return changes;
    }

    private Path keep(long length) throws IOException {
        Path aside = StateFiles.freeName(file);
        Files.copy(file, aside);
        try (FileChannel channel = FileChannel.open(file, WRITE)) {
            channel.truncate(length);
            channel.force(true);
        }
        return aside;
    }

    /**
     * Adds changes; all are on disk when this returns. What is in the file from before this object was made, or from an
     * append that failed, is overwritten. Of an append that a crash cuts short the first changes may be kept.
     *
     * @param changes written as JSON, in this order
     */
    public void append(List<?> changes) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Object change : changes) {
            lines.writeBytes(Json.bytes(change));
            lines.write('\n');
        }
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
            channel.truncate(end);
            try {
                StateFiles.writeFully(channel, ByteBuffer.wrap(lines.toByteArray()), end);
                if (end == 0) {
                    StateFiles.syncDirectoryOf(file);
                }
            } catch (IOException e) {
                takeBack(channel, e);
                throw e;
            }
        }
        end += lines.size();
    }

    /** A change that was refused must not be there after a crash. */
    private void takeBack(FileChannel channel, IOException cause) {
        try {
            channel.truncate(end);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Removes the file.
     *
     * @return whether there was one
     */
    public boolean delete() throws IOException {
        return Files.deleteIfExists(file);
    }
}
