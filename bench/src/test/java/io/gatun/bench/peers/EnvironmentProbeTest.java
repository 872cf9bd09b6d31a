package io.gatun.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatun.bench.report.Environment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentProbeTest {
    @Test
    void theModelOfTheCpuIsRead() {
        assertEquals(
                "Some CPU @ 2.0GHz",
                EnvironmentProbe.cpu("processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz\nmodel name\t: other\n"));
        assertEquals(System.getProperty("os.arch"), EnvironmentProbe.cpu(""));
    }

    @Test
    void theMemoryIsReadInMebibytes() {
        assertEquals(8_000, EnvironmentProbe.memoryMb("MemTotal:        8192000 kB\nMemFree:   1 kB\n"));
        assertEquals(0, EnvironmentProbe.memoryMb(""));
    }

    @Test
    void offloadsAreThoseThatAreOn() {
        assertEquals(List.of("rx-checksumming", "tx-checksum-ip-generic"), EnvironmentProbe.offloads("""
                        Features for eth0:
                        rx-checksumming: on [fixed]
                        tx-checksumming: off
                        \ttx-checksum-ip-generic: on
                        rx-gro-hw: off [fixed]
                        """));
    }

    @Test
    void theLoadIsThatOfTheLastMinute() {
        assertEquals(0.42, EnvironmentProbe.load("0.42 0.20 0.10 1/345 6789\n"));
        assertEquals(0, EnvironmentProbe.load(""));
    }

    @Test
    void thisMachineHasAll() {
        Environment environment = EnvironmentProbe.take(Path.of(".."));
        assertEquals(System.getProperty("os.version"), environment.kernel());
        assertFalse(environment.cpu().isEmpty() || environment.commit().isEmpty(), environment.toString());
    }
}
