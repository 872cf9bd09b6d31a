package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.FakeDataPlane;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code gatun run --check}: file, environment and flags, and what they come to. */
class RunSettingsTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final FakeDataPlane dataPlane = new FakeDataPlane();
    private Path file;

    @BeforeEach
    void file() throws IOException {
        file = Files.writeString(directory.resolve("gatun.yaml"), """
                interface: lo
                vrid: 51
                priority: 150
                advert-interval: 1s
                preempt: false
                egr-hooks: true
                """);
    }

    @Test
    void flagsCountMoreThanTheEnvironmentAndThatMoreThanTheFile() {
        environment.put("GATUN_PRIORITY", "120");
        environment.put("GATUN_VRID", "52");
        assertEquals(0, check("--config=" + file, "--vrid=53"), err::toString);
        assertEquals("53  # flag", line("vrid"));
        assertEquals("120  # GATUN_PRIORITY", line("priority"));
        assertEquals("1s  # " + file + ":4", line("advert-interval"));
        assertEquals("1s  # default", line("stall-limit"));
        assertEquals(List.of(), dataPlane.journal());
    }

    @Test
    void switchesGoBothWays() {
        assertEquals(0, check("--config=" + file));
        assertEquals("false  # " + file + ":5", line("preempt"));
        assertEquals("true  # " + file + ":6", line("egr-hooks"));
        assertEquals(0, check("--config=" + file, "--preempt", "--egr-hooks"));
        assertEquals("true  # flag", line("preempt"));
        assertEquals("true  # flag", line("egr-hooks"));
        environment.put("GATUN_EGR_HOOKS", "false");
        assertEquals(0, check("--config", file.toString()));
        assertEquals("false  # GATUN_EGR_HOOKS", line("egr-hooks"));
    }

    @Test
    void whatItPrintsCanBeTheFile() throws IOException {
        assertEquals(0, check("--config=" + file, "--peer=192.168.80.6", "--peer=192.168.80.7", "--interface=lo"));
        Map<String, String> before = values();
        Path printed = Files.writeString(directory.resolve("printed.yaml"), out.toString());
        assertEquals(0, check("--config=" + printed), err::toString);
        assertEquals(before, values());
        assertEquals("[192.168.80.6, 192.168.80.7]", before.get("peer"));
    }

    @Test
    void theFileCanBeNamedInTheEnvironment() {
        environment.put("GATUN_CONFIG", file.toString());
        assertEquals(0, check());
        assertEquals("51  # " + file + ":2", line("vrid"));
    }

    @Test
    void allThatIsWrongIsToldAtOnce() throws IOException {
        Files.writeString(file, """
                intrface: lo
                vrid: 0
                priority: high
                io: dpdk
                interface: nothing77
                """);
        environment.put("GATUN_IDLE", "nap");
        environment.put("GATUN_PEERS", "192.168.80.6");
        assertEquals(2, check("--config=" + file, "--wrid=3", "--api=here", "--nat-ports=9-1"));
        List<String> lines = err.toString().lines().toList();
        assertEquals(
                List.of(
                        "gatun: " + file + ":1: unknown key 'intrface', did you mean 'interface'?",
                        "gatun: unknown variable GATUN_PEERS, did you mean GATUN_PEER?",
                        "gatun: unknown option --wrid=3, did you mean --vrid?"),
                lines.subList(0, 3));
        assertTrue(lines.get(3).startsWith("gatun: " + file + ":5: --interface=nothing77 is not here"), lines.get(3));
        assertEquals(
                List.of(
                        "gatun: " + file + ":4: --io=dpdk, give auto, xdp or raw",
                        "gatun: --api=here, give an address and a port such as 0.0.0.0:11111",
                        "gatun: --nat-ports=9-1, give a rising range within 1024-65535",
                        "gatun: GATUN_IDLE: --idle=nap, give spin or poll",
                        "gatun: " + file + ":2: --vrid=0, give 1-255",
                        "gatun: " + file + ":3: --priority=high, give 1-254"),
                lines.subList(4, lines.size()));
        assertEquals("", out.toString());
    }

    @Test
    void aNumberThatIsNoneIsRefused() {
        assertEquals(2, check("--interface=lo", "--vrid=x", "--conntrack-size=many", "--probe-fall=0"));
        assertEquals(
                List.of(
                        "gatun: --conntrack-size=many, give a whole number",
                        "gatun: --vrid=x, give 1-255",
                        "gatun: --probe-fall=0, give 1-100"),
                err.toString().lines().toList());
    }

    @Test
    void aFileThatIsNotThereIsOneSentence() {
        assertEquals(2, check("--interface=lo", "--config=/nowhere/gatun.yaml"));
        assertEquals("gatun: --config=/nowhere/gatun.yaml is not there, give a file that is\n", err.toString());
    }

    @Test
    void flagsOfLoxilbSayWhatTheyComeTo() {
        assertEquals(
                0,
                check(
                        "--interface=lo",
                        "-b",
                        "--rss-enable",
                        "--cloud=on-prem",
                        "--cluster=192.168.80.6,127.0.0.1",
                        "--self=0",
                        "--ka=192.168.80.6:0.0.0.0:50000",
                        "--loglevel=warning",
                        "--host=127.0.0.1",
                        "--port=11112"),
                err::toString);
        List<String> remarks = out.toString()
                .lines()
                .filter(line -> line.contains("has no effect"))
                .toList();
        assertEquals(
                List.of(
                        "# --self has no effect: of nodes of one --priority the one with the highest address wins",
                        "# --bgp has no effect: Gatun speaks no BGP, it tells the link of VIPs by ARP and neighbour"
                                + " discovery",
                        "# --rss-enable has no effect: each receive queue has a thread of its own already",
                        "# --cloud has no effect: Gatun serves flat L2 networks and asks no cloud to move addresses,"
                                + " leave it out"),
                remarks);
        assertEquals("warn  # default", line("log-level"));
    }

    @Test
    void flagsOfLoxilbThatAskForAnotherProgramAreRefused() {
        assertEquals(2, check("--interface=lo", "-r", "--cloud=aws", "--ka=x", "--self=x", "--cluster=a"));
        assertEquals(
                List.of(
                        "gatun: --cluster=a, give IP addresses of nodes such as 192.168.80.5,192.168.80.6",
                        "gatun: --ka=x, give REMOTE:SOURCE[:MICROSECONDS] such as 192.168.80.6:192.168.80.5",
                        "gatun: --self=x, give the number of this node from 0, or leave it out",
                        "gatun: --cloud=aws, Gatun serves flat L2 networks and asks no cloud to move addresses, leave it"
                                + " out",
                        "gatun: -r, Gatun is no BGP daemon, run one such as BIRD instead"),
                err.toString().lines().toList());
    }

    @Test
    void whatTheApiHasChangedCountsMost() throws IOException {
        Path saved = Files.createDirectories(directory.resolve("state")).resolve("settings.json");
        Files.writeString(saved, "{\"settings\":{\"priority\":\"7\",\"of-another-version\":\"1\"}}");
        assertEquals(0, check("--config=" + file, "--priority=9"), err::toString);
        assertEquals("7  # API", line("priority"));
        Files.writeString(saved, "{\"settings\":{\"priority\":\"0\"}}");
        assertEquals(2, check("--config=" + file, "--priority=9"));
        assertEquals("gatun: " + saved + ": --priority=0, give 1-254\n", err.toString());
    }

    /** What is said of a setting, without the blanks between value and origin. */
    private String line(String name) {
        return out.toString()
                .lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2).replaceAll(" +#", "  #"))
                .collect(Collectors.joining("\n"));
    }

    private Map<String, String> values() {
        return out.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceAll(" +#.*", "").split(": ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private int check(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = Gatun.commandLine(() -> dataPlane, environment);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("run", "--check", "--state-dir=" + directory.resolve("state")));
        all.addAll(List.of(arguments));
        return commandLine.execute(all.toArray(String[]::new));
    }
}
