package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Replays what {@link PipelineFuzz} found, without Jazzer. */
class PipelineCorpusTest {
    @Test
    void keptInputsBreakNothing() throws IOException, URISyntaxException {
        URL inputs = PipelineCorpusTest.class.getResource("PipelineFuzzInputs");
        try (Stream<Path> files = Files.list(Path.of(inputs.toURI()))) {
            List<Path> kept = files.toList();
            assertTrue(kept.size() > 50, kept.size() + " inputs");
            kept.forEach(PipelineCorpusTest::replay);
        }
    }

    private static void replay(Path input) {
        try {
            PipelineFuzz.fuzzerTestOneInput(Files.readAllBytes(input));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(input + " breaks the pipeline", e);
        }
    }
}
