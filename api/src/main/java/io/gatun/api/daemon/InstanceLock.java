package io.gatun.api.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One Gatun per directory. The kernel lets go of the lock when the process dies in whatever way. */
final class InstanceLock implements AutoCloseable {
    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a directory.
     *
     * @throws StartException when another Gatun has it, naming its process id
     */
    static InstanceLock take(String option, Path directory) {
        Path file = directory.resolve("gatun.lock");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
                return new InstanceLock(channel);
            }
            throw inUse(option, directory, owner(channel));
        } catch (OverlappingFileLockException e) {
            close(channel);
            throw inUse(option, directory, "this one");
        } catch (IOException e) {
            close(channel);
            throw new StartException(file + " cannot be locked (" + e + "), give another " + option, e);
        } catch (StartException e) {
            close(channel);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static StartException inUse(String option, Path directory, String owner) {
        return new StartException("another gatun (process " + owner + ") runs with " + option + "=" + directory
                + ", stop it or give this one its own --run-dir, --state-dir and --interface");
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The refusal that is under way says more.
            return;
        }
    }
}
