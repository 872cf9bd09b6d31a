package io.gatun.forwarder.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever sees a drop counter rise finds in docs/packet-walk.md what it means and what to do. */
class DropReasonDocsTest {
    /** Label, when, what to do; only the table of drop reasons starts its rows with a label in code font. */
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\|([^|]*)\\|([^|]*)\\|");

    private final List<Matcher> rows = new ArrayList<>();

    @BeforeEach
    void read() throws IOException {
        Path page = Path.of(System.getProperty("basedir", "."), "..", "docs", "packet-walk.md");
        for (String line : Files.readAllLines(page)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(row);
            }
        }
    }

    @Test
    void everyReasonHasOneRowInTheOrderOfTheEnum() {
        List<String> labels =
                Arrays.stream(DropReason.values()).map(DropReason::label).toList();
        assertEquals(labels, rows.stream().map(row -> row.group(1)).toList());
    }

    @Test
    void everyRowSaysWhenAndWhatToDo() {
        for (Matcher row : rows) {
            assertFalse(row.group(2).isBlank(), row.group(1) + ": when?");
            assertFalse(row.group(3).isBlank(), row.group(1) + ": what to do?");
        }
    }
}
