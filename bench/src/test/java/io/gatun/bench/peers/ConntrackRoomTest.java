package io.gatun.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConntrackRoomTest {
    private static final Path SYSCTL = Path.of("/proc/sys/kernel/pid_max");

    /** A file that ends with its first read, as nf_conntrack_max does. */
    @Test
    void allDigitsOfASysctlAreRead() throws IOException {
        String line = Files.readAllLines(SYSCTL).getFirst();
        assertEquals(Integer.parseInt(line), ConntrackRoom.number(SYSCTL));
    }
}
