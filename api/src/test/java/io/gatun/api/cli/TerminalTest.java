package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.CannedServer;
import io.gatun.api.testkit.Verb;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** What a person at a terminal sees that a file or a pipe does not get. */
class TerminalTest {
    private static final String ROLE = "{\"Attr\":[{\"instance\":\"llb-inst0\",\"state\":\"MASTER\"}]}";
    private static final String GREEN_MASTER = "\u001b[32mMASTER\u001b[0m";
    private static final String ERASE = "\r\u001b[K";

    @Test
    void progressIsShownFromTheFirstSecondOnAndErased() {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        AtomicLong nowNs = new AtomicLong(5);
        try (Progress progress = new Progress(new PrintStream(screen, true, StandardCharsets.UTF_8), nowNs::get)) {
            progress.tick("asking");
            nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
            progress.tick("asking");
            assertEquals("", screen.toString(StandardCharsets.UTF_8));
            nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_001));
            progress.tick("asking");
        }
        assertEquals(ERASE + "asking, 2 s" + ERASE, screen.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsQuickShowsNoProgress() {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        try (Progress progress = new Progress(new PrintStream(screen, true, StandardCharsets.UTF_8), () -> 0)) {
            progress.tick("asking");
        }
        assertEquals(0, screen.size());
    }

    @Test
    void statesHaveColoursAndColumnsStayWhereTheyAre() {
        try (CannedServer server = CannedServer.start().answer("/netlox/v1/config/cistate/all", ROLE)) {
            String port = "--port=" + server.port();
            Verb colours = Verb.run(Ansi.ON, "get", "hastate", port);
            assertTrue(colours.out().contains("| " + GREEN_MASTER + "  |"), colours.out());
            assertEquals(
                    Verb.run(Ansi.OFF, "get", "hastate", port).out(),
                    colours.out().replaceAll("\u001b\\[\\d+m", ""));
            assertFalse(Verb.run(Ansi.ON, "get", "hastate", port, "-o", "json")
                    .out()
                    .contains("\u001b"));
        }
    }

    @Test
    void aProcessShowsColourAndProgressOnATerminalOnly() throws Exception {
        String terminal = onTerminal(Map.of());
        assertTrue(terminal.contains(GREEN_MASTER), terminal);
        assertTrue(terminal.contains(ERASE + "asking http://127.0.0.1:"), terminal);
        String plain = onTerminal(Map.of("NO_COLOR", "1"));
        assertTrue(plain.contains("| MASTER  |"), plain);
        try (CannedServer server = CannedServer.start().answer("/netlox/v1/config/cistate/all", ROLE)) {
            Process pipe = new ProcessBuilder(command(server))
                    .redirectErrorStream(true)
                    .start();
            String piped = new String(pipe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(piped.contains("| MASTER  |"), piped);
            assertFalse(piped.contains("\u001b"), piped);
        }
    }

    /** Output on a terminal that script(1) makes, of a question that is answered once the progress shows. */
    private static String onTerminal(Map<String, String> environment) throws IOException {
        try (CannedServer server = CannedServer.holdingBack().answer("/netlox/v1/config/cistate/all", ROLE)) {
            ProcessBuilder builder =
                    new ProcessBuilder("script", "-qec", String.join(" ", command(server)), "/dev/null");
            builder.environment().keySet().removeAll(List.of("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"));
            builder.environment().putAll(environment);
            Process process = builder.redirectErrorStream(true).start();
            StringBuilder output = new StringBuilder();
            try (BufferedReader reader = process.inputReader()) {
                for (int c = reader.read(); c >= 0; c = reader.read()) {
                    output.append((char) c);
                    if (output.indexOf("asking") >= 0) {
                        server.release();
                    }
                }
            }
            return output.toString();
        }
    }

    private static List<String> command(CannedServer server) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Gatun.class.getName(),
                "get",
                "hastate",
                "--port=" + server.port());
    }
}
