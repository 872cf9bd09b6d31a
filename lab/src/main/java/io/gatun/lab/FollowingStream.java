package io.gatun.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file that a process writes, read as it grows, until the process has ended and all is read. */
final class FollowingStream extends InputStream {
    private final InputStream file;
    private final Process writer;

    /** @param offset bytes that were there before the process started */
    FollowingStream(Path path, long offset, Process writer) throws IOException {
        this.file = Files.newInputStream(path);
        this.writer = writer;
        file.skipNBytes(offset);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            while (true) {
                // A regular file signals no growth; the wait for the writer's end is the only event there is.
                boolean ended = writer.waitFor(10, TimeUnit.MILLISECONDS);
                int read = file.read(bytes, offset, length);
                if (read > 0 || ended) {
                    return read;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
