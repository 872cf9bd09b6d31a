package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The program as text: a change of it is read in review, not found on the wire. */
class SteeringSnapshotTest {
    private static final String RESOURCE = "gatun_steer.txt";

    @Test
    void theProgramIsTheOneReviewed() throws IOException {
        String now = SteeringProgram.assemble().disassemble();
        Path written = Path.of("target", RESOURCE);
        Files.writeString(written, now);
        try (InputStream reviewed = getClass().getResourceAsStream(RESOURCE)) {
            String text = new String(reviewed.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(text, now, "if the change is meant, copy " + written.toAbsolutePath() + " over " + RESOURCE);
        }
    }
}
