package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** What holds of each command that there is. */
class EveryCommandTest {
    static Stream<String> all() {
        List<String> names = new ArrayList<>();
        addTo(names, Gatun.commandLine(FakeDataPlane::new));
        return names.stream();
    }

    private static void addTo(List<String> names, CommandLine command) {
        names.add(command.getCommandSpec().qualifiedName());
        ManCommand.visible(command).forEach(each -> addTo(names, each));
    }

    @ParameterizedTest
    @MethodSource("all")
    void hasHelpThatExplainsEachArgumentAndTheExitCodes(String name) {
        Verb help = Verb.run(arguments(name, "--help"));
        assertEquals(0, help.code());
        assertTrue(help.out().startsWith("Usage: " + name + " "), help.out());
        assertTrue(help.out().contains("Exit codes:\n  0 "), help.out());
        assertTrue(help.out().contains("\n  2 "), help.out());
        CommandLine command = Gatun.commandLine(FakeDataPlane::new);
        for (String part : arguments(name)) {
            command = command.getSubcommands().get(part);
        }
        assertTrue(command.getCommandSpec().usageMessage().description().length > 0, name);
        for (ArgSpec argument : command.getCommandSpec().args()) {
            assertTrue(argument.description().length > 0, name + " " + argument);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void answersAnUnknownWordWithWhatThereIs(String name) {
        Verb verb = Verb.run(arguments(name, "--frobnicate=1"));
        assertEquals(2, verb.code());
        assertEquals(1, verb.err().lines().count(), verb.err());
        assertTrue(verb.err().startsWith("gatun: "), verb.err());
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

    /** Of {@code gatun get lb}: get and lb, and then these. */
    private static String[] arguments(String name, String... more) {
        List<String> words = new ArrayList<>(List.of(name.split(" ", -1)));
        words.removeFirst();
        words.addAll(Arrays.asList(more));
        return words.toArray(String[]::new);
    }
}
