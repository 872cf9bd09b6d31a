package io.gatun.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.bpf.asm.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Snapshots. To write them anew, and read the diff: {@code
 * JAVA_TOOL_OPTIONS=-Dgatun.snapshots=src/test/resources/io/gatun/bench/traffic}.
 */
class DisassemblyTest {
    @Test
    void generator() throws IOException {
        assertSnapshot("generator.txt", GeneratorProgram.assemble(Specs.traffic(1_000), 7));
    }

    @Test
    void flood() throws IOException {
        TrafficSpec usual = Specs.traffic(1_000);
        TrafficSpec syn = new TrafficSpec(
                usual.flows(),
                0,
                usual.source(),
                usual.firstPort(),
                usual.destination(),
                usual.destinationPort(),
                usual.sourceMac(),
                usual.destinationMac(),
                FrameKind.SYN);
        assertSnapshot("flood.txt", GeneratorProgram.assemble(syn, 7));
    }

    @Test
    void sink() throws IOException {
        assertSnapshot("sink.txt", SinkProgram.assemble(Specs.unchanged(1_000)));
    }

    @Test
    void timedSink() throws IOException {
        assertSnapshot("timed-sink.txt", SinkProgram.assemble(Specs.timed(1_000)));
    }

    private static void assertSnapshot(String name, Code code) throws IOException {
        String update = System.getProperty("gatun.snapshots");
        if (update != null) {
            Files.createDirectories(Path.of(update));
            Files.writeString(Path.of(update, name), code.disassemble());
        }
        try (InputStream snapshot =
                Objects.requireNonNull(DisassemblyTest.class.getResourceAsStream(name), "no snapshot " + name)) {
            assertEquals(new String(snapshot.readAllBytes(), StandardCharsets.UTF_8), code.disassemble());
        }
    }
}
