package io.gatun.forwarder.conntrack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to use a run directory: a lock that the kernel takes back when its owner dies, however it dies. */
final class RunDirectoryLock implements AutoCloseable {
    private static final String FILE_NAME = "connections.lock";
    private static final int PID_LENGTH = 20;

    private final FileChannel channel;

    private RunDirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static RunDirectoryLock acquire(Path runDirectory) {
        final Path file = runDirectory.resolve(FILE_NAME);
        try {
            final FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                final String owner = readPid(channel);
                channel.close();
                throw new ConnectionTableException("run-dir=" + runDirectory + " is in use by process " + owner
                        + ", stop it or give --run-dir another directory");
            }
            writePid(channel);
            return new RunDirectoryLock(channel);
        } catch (IOException e) {
            throw new ConnectionTableException(file + " cannot be locked, give --run-dir a writable directory", e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            final FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void writePid(FileChannel channel) throws IOException {
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static String readPid(FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(PID_LENGTH);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).trim();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
