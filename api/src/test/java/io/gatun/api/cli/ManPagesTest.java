package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatun.api.testkit.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPagesTest {
    private static final Path MANDOC = Path.of("/usr/bin/mandoc");

    @TempDir
    Path directory;

    @Test
    void eachCommandHasOneThatMandocFindsNoFaultIn() throws Exception {
        assumeTrue(Files.isExecutable(MANDOC), "needs mandoc, which scripts/test installs");
        List<String> names = write();
        assertEquals(
                EveryCommandTest.all()
                        .map(name -> name.replace(' ', '-') + ".1")
                        .sorted()
                        .toList(),
                names);
        List<String> command = new ArrayList<>(List.of(MANDOC.toString(), "-Tlint", "-Wwarning"));
        names.forEach(name -> command.add(directory.resolve(name).toString()));
        Process mandoc = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertEquals("", new String(mandoc.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(0, mandoc.waitFor());
    }

    @Test
    void pagesTellWhatHelpTells() throws IOException {
        write();
        String page = Files.readString(directory.resolve("gatun-explain.1"));
        assertTrue(page.startsWith(".TH GATUN-EXPLAIN 1 2026-01-01 \"gatun 0.1.0"), page);
        assertTrue(page.contains("\\fB\\-\\-proto=PROTO\\fR\ntcp, udp, sctp or icmp (default: tcp)\n"), page);
        assertTrue(page.contains(".SH EXIT STATUS\n.TP\n\\fB0\\fR\nthe packet would be forwarded"), page);
        String root = Files.readString(directory.resolve("gatun.1"));
        assertTrue(root.contains("\\fBstat\\fR\nShow what a Gatun on this machine counts"), root);
        String apply = Files.readString(directory.resolve("gatun-apply.1"));
        assertTrue(apply.contains(".nf\n  kind: Loadbalancer\n  spec:\n"), apply);
    }

    @Test
    void aDirectoryThatCannotBeIsOneSentence() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Verb verb = Verb.run("man", file.toString());
        assertEquals(1, verb.code());
        assertTrue(verb.err().startsWith("gatun: " + file + " cannot be written"), verb.err());
    }

    private List<String> write() throws IOException {
        Verb verb = Verb.run("man", directory.toString());
        assertEquals(0, verb.code(), verb.err());
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
