package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.bpf.asm.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs as text: a change of them is read in review, not found on the wire. */
class SteeringSnapshotTest {
    @ParameterizedTest
    @EnumSource
    void theProgramIsTheOneReviewed(SteeringHook hook) throws IOException {
        check(hook.programName + ".txt", SteeringProgram.assemble(hook));
    }

    @ParameterizedTest
    @EnumSource
    void theCopyingProgramIsTheOneReviewed(SteeringHook hook) throws IOException {
        check(hook.programName + "_copying.txt", SteeringProgram.assembleCopying(hook));
    }

    private void check(String resource, Code code) throws IOException {
        String now = code.disassemble();
        Path written = Path.of("target", resource);
        Files.writeString(written, now);
        try (InputStream reviewed = getClass().getResourceAsStream(resource)) {
            assertTrue(reviewed != null, "no resource " + resource + ", copy " + written.toAbsolutePath());
            String text = new String(reviewed.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(text, now, "if the change is meant, copy " + written.toAbsolutePath() + " over " + resource);
        }
    }
}
