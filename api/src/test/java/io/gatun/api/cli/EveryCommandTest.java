package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.Verb;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** What holds of each command that there is. */
class EveryCommandTest {
    private static final CommandLine GATUN = Gatun.commandLine(FakeDataPlane::new);

    static Stream<String> all() {
        List<String> names = new ArrayList<>();
        addTo(names, GATUN);
        return names.stream();
    }

    private static void addTo(List<String> names, CommandLine command) {
        names.add(command.getCommandSpec().qualifiedName());
        ManCommand.visible(command).forEach(each -> addTo(names, each));
    }

    @ParameterizedTest
    @MethodSource("all")
    void hasHelpThatExplainsEachArgumentAndTheExitCodes(String name) {
        CommandLine command = GATUN;
        for (String word : words(name)) {
            command = command.getSubcommands().get(word);
        }
        String help = command.getUsageMessage();
        assertTrue(help.startsWith("Usage: " + name + " "), help);
        assertTrue(help.contains("  -h, --help "), help);
        assertTrue(help.contains("Exit codes:\n  0 "), help);
        assertTrue(help.contains("\n  2 "), help);
        assertTrue(command.getCommandSpec().usageMessage().description().length > 0, name);
        for (ArgSpec argument : command.getCommandSpec().args()) {
            assertTrue(argument.description().length > 0, name + " " + argument);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void answersAnUnknownOptionWithOneSentence(String name) {
        StringWriter err = new StringWriter();
        GATUN.setErr(new PrintWriter(err, true));
        List<String> line = new ArrayList<>(words(name));
        line.add("--frobnicate=1");
        assertEquals(2, GATUN.execute(line.toArray(String[]::new)));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("gatun: "), err.toString());
    }

    @Test
    void unknownCommandsSuggest() {
        assertUsage("unknown argument creat, did you mean create", "creat", "lb");
        assertUsage("unknown argument statt, did you mean stat", "statt");
        assertUsage("unknown argument firewal, did you mean Firewall", "get", "firewal");
        assertUsage(
                "unknown argument xyz, give one of apply, completion, create, delete, detach, explain, get, incident,"
                        + " man, run, save, set, stat, trace",
                "xyz");
        assertUsage("unknown argument xyz, give one of bfd, ep, firewall, ip, lb", "delete", "xyz");
    }

    @Test
    void whatLoxicmdHasAndGatunHasNotIsToldWithWhoDoesIt() {
        assertUsage(
                "create route is not supported: routes are the kernel's, use ip route",
                "create",
                "route",
                "1.2.3.0/24",
                "--x");
        assertUsage("get vlan is not supported: VLANs are the kernel's", "get", "vlan", "-o", "wide");
        assertUsage("delete mirror is not supported: Gatun mirrors no traffic", "delete", "mirror", "m1");
        assertUsage("get bgpneighbor is not supported: Gatun speaks no BGP", "get", "bgpneighbor");
        assertUsage("get filesystem is not supported: use df", "get", "filesystem");
        assertUsage("set login is not supported: Gatun has no users", "set", "login");
    }

    private static void assertUsage(String sentence, String... arguments) {
        Verb verb = Verb.run(arguments);
        assertEquals(2, verb.code());
        assertTrue(verb.err().startsWith("gatun: " + sentence), verb.err());
        assertEquals(1, verb.err().lines().count(), verb.err());
    }

    /** Of {@code gatun get lb}: get and lb. */
    private static List<String> words(String name) {
        List<String> words = List.of(name.split(" ", -1));
        return words.subList(1, words.size());
    }
}
