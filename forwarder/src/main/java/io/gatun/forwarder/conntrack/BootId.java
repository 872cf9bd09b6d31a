package io.gatun.forwarder.conntrack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names this boot of the machine: ticks and connections of another one mean nothing. */
final class BootId {
    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    static String current() {
        try {
            return Files.readString(FILE).trim();
        } catch (IOException e) {
            throw new ConnectionTableException(FILE + " cannot be read, mount /proc", e);
        }
    }
}
