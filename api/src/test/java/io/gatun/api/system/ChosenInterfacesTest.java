package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interfaces chosen by loxilb's {@code --whitelist} and {@code --blacklist}, on a host with three. */
@LabTest
class ChosenInterfacesTest {
    @TempDir
    static Path directory;

    private static FlatLan lan;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 1).serve();
        Host other = lab.bare("other");
        for (int i = 0; i < 2; i++) {
            LinkSpec mine = LinkSpec.of("10.0." + i + ".1/24").named("wan" + i);
            LinkSpec theirs = LinkSpec.of("10.0." + i + ".2/24").named("eth" + i);
            lab.wire(lan.lb(), mine, other, theirs);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--whitelist=eth, eth0",
        "--whitelist=^(eth0|wan1)$, eth0 wan1",
        "--blacklist=^wan, eth0",
        "--blacklist=1$, eth0 wan0",
    })
    void onlyTheChosenOnesAreServed(String option, String chosen) throws Exception {
        GatunNode node = GatunNode.start(lan.lb(), NodeCommand.of(lan.lb(), arguments(option)));
        ExecResult ports = GatunNode.gatun(lan.lb(), "get", "port");
        for (String name : List.of("eth0", "wan0", "wan1")) {
            boolean wanted = Arrays.asList(chosen.split(" ")).contains(name);
            assertEquals(wanted, ports.stdout().contains(" " + name + " "), ports.stdout() + ports.stderr());
        }
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        node.deleteRule(FlatLan.VIP, "tcp", 80);
        assertEquals(0, node.terminate());
    }

    @Test
    void anExpressionThatChoosesNothingIsRefused() {
        refused(
                "--whitelist=eth[",
                "--whitelist=eth\\[ is no regular expression \\(.*\\), give one such as eth\\[01\\]");
        refused("--blacklist=*", "--blacklist=\\* is no regular expression \\(.*\\), give one such as eth\\[01\\]");
        refused(
                "--whitelist=^bond",
                "--whitelist=\\^bond leaves no interface of eth0, wan0, wan1, give another expression");
        refused("--blacklist=.", "--blacklist=\\. leaves no interface of eth0, wan0, wan1, give another expression");
    }

    private static void refused(String option, String sentence) {
        ExecResult result = GatunNode.gatun(lan.lb(), arguments(option));
        assertEquals(2, result.exitCode(), result.stdout() + result.stderr());
        assertTrue(result.stderr().strip().matches("gatun: " + sentence), result.stderr());
    }

    private static String[] arguments(String option) {
        return Arrays.stream(GatunNode.runArguments(directory, option))
                .filter(argument -> !argument.startsWith("--interface"))
                .toArray(String[]::new);
    }
}
