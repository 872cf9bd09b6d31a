package io.gatun.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Environment;
import io.gatun.bench.report.Results;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuiteTest {
    private static final Environment ENVIRONMENT =
            new Environment("2026-01-01T00:00:00Z", "0123456789ab", "6.1", "a CPU", 2, 4_096, "25", List.of(), 0.1);

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
    private final List<Path> files = new ArrayList<>();

    @Test
    void aCaseThatFailsDoesNotKeepTheOthersFromMeasuring() throws Exception {
        List<Suite.Part> parts = List.of(
                new Suite.Part(List.of("bulk", "--quick"), 90),
                new Suite.Part(List.of("crr", "--quick"), 180),
                new Suite.Part(List.of("sync", "--quick"), 60));
        Suite suite = new Suite(parts, this::launch, new PrintStream(progress, true, StandardCharsets.UTF_8));
        Suite.Outcome outcome = suite.run(ENVIRONMENT);
        assertEquals(List.of("crr"), outcome.failed());
        assertEquals(
                List.of("bulk", "sync"),
                outcome.results().orElseThrow().cases().stream()
                        .map(CaseResult::name)
                        .toList());
        String text = progress.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("case 1 of 3: bulk --quick; about 5 min 30 s"), text);
        assertTrue(text.contains("case 3 of 3: sync --quick; 1 s left"), text);
        assertTrue(files.stream().noneMatch(Files::exists), files.toString());
    }

    @Test
    void allPassesItsOptionsOn() {
        List<Suite.Part> parts = AllCommand.parts(List.of("--quick", "--rounds=4"));
        assertEquals(
                List.of("packets", "--quick", "--rounds=4"), parts.getFirst().arguments());
        assertEquals(List.of("micro", "--quick"), parts.getLast().arguments());
    }

    @Test
    void aRerunDoesNotNameTheFilesOfTheFormerRun() {
        assertEquals(
                List.of("bulk", "--quick", "--io", "raw"),
                Reruns.words(List.of("bulk", "--json", "a", "--quick", "--against=b", "--io", "raw", "--json=c")));
    }

    /** Writes a result, but of crr. */
    private int launch(List<String> arguments) throws IOException {
        String json = arguments.getLast();
        Path file = Path.of(json.substring("--json=".length()));
        files.add(file);
        if (arguments.getFirst().equals("crr")) {
            return 1;
        }
        CaseResult result = CaseResult.of(arguments.getFirst())
                .subject("gatun", Subject.Kind.OURS, "", "")
                .figure("rate", "1/s", Better.HIGHER, Spread.of(1, 2, 3))
                .build();
        Results.of(ENVIRONMENT, List.of(result)).write(file);
        return 0;
    }
}
