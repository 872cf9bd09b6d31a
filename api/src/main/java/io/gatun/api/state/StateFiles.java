package io.gatun.api.state;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What files that must outlive a crash have in common. */
final class StateFiles {
    private StateFiles() {}

    /** Writes all bytes at a position; on disk when this returns. */
    static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
        channel.force(true);
    }

    /** Makes names that were added to the file's directory, or renamed in it, last. */
    static void syncDirectoryOf(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), READ)) {
            directory.force(true);
        }
    }

    /** A name for a damaged file: {@code NAME.damaged-N}. */
    static Path freeName(Path damaged) {
        for (int i = 1; ; i++) {
            Path name = damaged.resolveSibling(damaged.getFileName() + ".damaged-" + i);
            if (!Files.exists(name)) {
                return name;
            }
        }
    }
}
