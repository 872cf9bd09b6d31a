package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.nat.PortSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservedPortsTest {
    private static final PortSpace PORTS = new PortSpace(10_000, 29_999);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"'',10000-29999", "'8080,9000-9010','8080,9000-9010,10000-29999'"})
    void theRangeIsAddedToWhatIsThereAndTakenBack(String present, String reserved) throws IOException {
        Path sysctl = Files.writeString(directory.resolve("ports"), present + "\n");
        ReservedPorts ports = new ReservedPorts(sysctl);
        ports.reserve(PORTS);
        ports.reserve(PORTS);
        assertEquals(reserved, Files.readString(sysctl).strip());
        ports.close();
        assertEquals(present, Files.readString(sysctl).strip());
    }

    @Test
    void aSysctlThatCannotBeReadIsNoReasonToStop() {
        try (ReservedPorts ports = new ReservedPorts(directory.resolve("absent/ports"))) {
            ports.reserve(PORTS);
        }
        assertEquals(false, Files.exists(directory.resolve("absent")));
    }
}
