package io.gatun.api.testkit;

import io.gatun.api.cli.Gatun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/**
 * What a command line did.
 *
 * @param code exit code
 */
public record Verb(int code, String out, String err) {
    /** Runs one that needs no server. */
    public static Verb run(String... arguments) {
        return run(Help.Ansi.OFF, arguments);
    }

    /** Runs one against the server on this port of 127.0.0.1. */
    public static Verb ask(int port, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--port=" + port);
        return run(all.toArray(String[]::new));
    }

    /** Runs one as if it wrote to a terminal, or not. */
    public static Verb run(Help.Ansi colours, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Gatun.commandLine(FakeDataPlane::new)
                .setColorScheme(Help.defaultColorScheme(colours))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = commandLine.execute(arguments);
        return new Verb(code, out.toString(), err.toString());
    }
}
