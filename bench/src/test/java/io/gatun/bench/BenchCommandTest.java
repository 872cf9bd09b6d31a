package io.gatun.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesAllVerbs() {
        StringWriter out = new StringWriter();
        CommandLine command = BenchCommand.commandLine().setOut(new PrintWriter(out));
        assertEquals(0, command.execute("--help"));
        for (String verb : List.of(
                "packets",
                "forward",
                "ndr",
                "overload",
                "cost",
                "latency",
                "bulk",
                "requests",
                "crr",
                "rps",
                "queues",
                "sync",
                "failover",
                "memory",
                "restart",
                "churn",
                "flood",
                "micro",
                "all")) {
            assertTrue(out.toString().contains(verb), out.toString());
        }
    }

    @Test
    void badArgumentsAreNamedWithTheirCure() {
        assertRefused("rounds=2, give at least 3", "forward", "--quick", "--rounds=2");
        assertRefused(
                "give a rate or more and two different CPUs", "forward", "--generator-cpu=0", "--forwarding-cpu=0");
        assertRefused("--generator-cpu=4096, this machine has the CPUs 0-", "forward", "--generator-cpu=4096");
        assertRefused("flows=1000001, give 1-1000000", "forward", "--flows=1000001");
        assertRefused("flows=0, give 1-1000000", "queues", "--flows=0");
        assertRefused("rounds=1, give at least 3", "bulk", "--rounds=1");
        assertRefused("Invalid value for option '--io'", "bulk", "--io=dpdk");
        assertRefused("give one with an even number, then one with an odd", "queues", "--cpus=0");
        assertRefused("--cpus=4096, this machine has the CPUs 0-", "queues", "--cpus=0,4096");
        assertRefused("give two different ones", "sync", "--agent-cpu=0");
        assertRefused("adverts=15, give a multiple of 10 up to 1000", "failover", "--adverts=15");
        assertRefused("--against=/nowhere, it cannot be read", "bulk", "--against=/nowhere");
        assertRefused("--against=/nowhere, it cannot be read", "--against=/nowhere");
        assertRefused("give a case, all, or --against FILE");
        assertRefused("frameBytes=66000, give an even number", "ndr", "--frame-bytes=66000");
        assertRefused("give two different CPUs", "cost", "--forwarding-cpu=0");
        assertRefused("rate=-1, give at most", "latency", "--rate=-1");
        assertRefused("nothing to do, give --html FILE or --json FILE", "report", "some.json");
        assertRefused("FILE: file=pom.xml, give one that --json wrote", "report", "pom.xml", "--html=target/page.html");
        assertRefused("Unknown option: '--fast'", "forward", "--fast");
    }

    private void assertRefused(String message, String... arguments) {
        err.getBuffer().setLength(0);
        CommandLine command = BenchCommand.commandLine().setErr(new PrintWriter(err));
        assertEquals(BenchCommand.BAD_ARGUMENTS, command.execute(arguments));
        assertTrue(err.toString().contains(message), err.toString());
    }
}
