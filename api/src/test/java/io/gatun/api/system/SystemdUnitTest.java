package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Programs;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd says of the unit, without being started. */
@LabTest
class SystemdUnitTest {
    private static final Path UNIT = Path.of("")
            .toAbsolutePath()
            .getParent()
            .resolve("deploy")
            .resolve("systemd")
            .resolve("gatun.service");

    @TempDir
    Path directory;

    @Test
    void isUnderstoodAndExposesLittle() throws IOException {
        String text = Files.readString(UNIT);
        for (String set : List.of("AmbientCapabilities", "CapabilityBoundingSet")) {
            assertTrue(text.contains("\n" + set + "=CAP_NET_ADMIN CAP_NET_RAW CAP_BPF CAP_IPC_LOCK\n"), text);
        }
        // Gatun is not installed here.
        Path unit = Files.writeString(
                directory.resolve("gatun.service"), text.replace("/opt/gatun/bin/gatun", "/bin/true"));
        assertEquals("0 ", Programs.run(List.of("systemd-analyze", "verify", "--man=no", unit.toString())));
        // In tenths, of 100; what is left is mostly that it serves a network.
        String exposure = Programs.run(List.of(
                "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=30", unit.toString()));
        assertTrue(exposure.startsWith("0 "), exposure);
    }
}
