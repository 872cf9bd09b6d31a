package io.gatun.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private static final Spread SPREAD = Spread.of(1, 2, Double.POSITIVE_INFINITY);

    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Results results = ComparisonTest.run("6.1", SPREAD, SPREAD, SPREAD);
        Path file = directory.resolve("results.json");
        results.write(file);
        assertEquals(results, Results.read(file));
        String text = Files.readString(file);
        assertTrue(text.contains("\"kind\" : \"ratio\""), text);
        assertTrue(text.contains("\"better\" : \"higher\""), text);
    }

    @Test
    void anotherFormatOrNoResultIsRefused() throws IOException {
        assertRefused("{\"format\": 2}", "format=2, this bench reads 1");
        assertRefused("{\"format\": 1, \"cases\": []}", "a result has an environment and a case or more");
        assertRefused("frames", "give one that --json wrote");
    }

    private void assertRefused(String text, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("other.json"), text);
        String refused = assertThrows(IllegalArgumentException.class, () -> Results.read(file))
                .getMessage();
        assertTrue(refused.contains(message) && refused.startsWith("file=" + file), refused);
    }
}
