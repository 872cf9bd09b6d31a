package io.gatun.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesBothVerbs() {
        StringWriter out = new StringWriter();
        CommandLine command = BenchCommand.commandLine().setOut(new PrintWriter(out));
        assertEquals(0, command.execute("--help"));
        assertTrue(out.toString().contains("forward") && out.toString().contains("micro"), out.toString());
    }

    @Test
    void badArgumentsAreNamedWithTheirCure() {
        assertRefused("rounds=2, give at least 3", "forward", "--quick", "--rounds=2");
        assertRefused(
                "give a rate or more and two different CPUs", "forward", "--generator-cpu=0", "--forwarding-cpu=0");
        assertRefused("--generator-cpu=4096, this machine has the CPUs 0-", "forward", "--generator-cpu=4096");
        assertRefused("Unknown option: '--fast'", "forward", "--fast");
    }

    private void assertRefused(String message, String... arguments) {
        err.getBuffer().setLength(0);
        CommandLine command = BenchCommand.commandLine().setErr(new PrintWriter(err));
        assertEquals(BenchCommand.BAD_ARGUMENTS, command.execute(arguments));
        assertTrue(err.toString().contains(message), err.toString());
    }
}
