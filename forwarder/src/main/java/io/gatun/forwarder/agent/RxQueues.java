package io.gatun.forwarder.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The receive queues in use on an interface, as sysfs lists them (netlink tells only how many were allocated). */
final class RxQueues {
    private RxQueues() {}

    static int count(String interfaceName) {
        int count = 0;
        Path directory = Path.of("/sys/class/net", interfaceName, "queues");
        try (DirectoryStream<Path> queues = Files.newDirectoryStream(directory, "rx-*")) {
            for (Path queue : queues) {
                count += queue.getFileName() == null ? 0 : 1;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be read, mount sysfs inside the network namespace", e);
        }
        return Math.max(1, count);
    }
}
