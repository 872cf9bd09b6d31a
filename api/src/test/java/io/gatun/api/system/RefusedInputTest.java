package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.cli.Gatun;
import io.gatun.lab.ExecResult;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input gets one sentence that names the field, the value and the cure, and creates nothing. */
@LabTest
class RefusedInputTest {
    private static final String LB = "/config/loadbalancer";

    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 1);
        lan.lb().exec("ip", "link", "add", "down0", "type", "veth", "peer", "name", "down1");
        node = GatunNode.start(lan.lb(), directory.resolve("node"));
    }

    @Test
    void runWithoutSuchAnInterface() {
        refusedRun("gatun: --interface=eth7 is not here, give one of .*eth0.*", "--interface=eth7");
    }

    @Test
    void runOnAnInterfaceThatIsDown() {
        refusedRun("gatun: --interface=down0, is down, run: ip link set down0 up", "--interface=down0");
    }

    @Test
    void runOnLoopback() {
        refusedRun("gatun: --interface=lo, is no Ethernet interface, choose one of .*eth0.*", "--interface=lo");
    }

    @Test
    void runWithAnUnknownFlag() {
        refusedRun(
                "gatun: unknown option --interfaces.*, did you mean .*--interface.*",
                "--interface=eth0",
                "--interfaces=eth0");
    }

    @Test
    void runWithAMalformedApiAddress() {
        refusedRun(
                "gatun: --api=127.0.0.1:65536, give a port from 1 to 65535",
                "--interface=eth0",
                "--api=127.0.0.1:65536");
    }

    @Test
    void runWithoutPrivileges() {
        // Reading all files stays allowed: the class path may lie in root's home.
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=65534",
                "--clear-groups",
                "--inh-caps=-all,+dac_read_search",
                "--ambient-caps=-all,+dac_read_search",
                "--bounding-set=-all,+dac_read_search"));
        command.addAll(JavaCommand.of(Gatun.class, GatunNode.runArguments(directory.resolve("nobody"))));
        refused(
                lan.lb().tryExec(Duration.ofSeconds(60), command),
                2,
                "gatun: user id 65534 lacks CAP_NET_ADMIN, CAP_NET_RAW, CAP_BPF, CAP_IPC_LOCK, run gatun as root or grant them");
        assertTrue(Files.notExists(directory.resolve("nobody")), "nothing half-created");
    }

    @Test
    void restRefusesAndCreatesNothing() throws Exception {
        refusedPost(
                400, "externalIP.*192\\.168\\.80\\.256.*give", rule("192.168.80.256", "tcp", 80, 8080, FlatLan.EP1));
        refusedPost(400, "externalIP.*example.*give", rule("example", "tcp", 80, 8080, FlatLan.EP1));
        refusedPost(400, "protocol.*tpc.*give tcp, udp, sctp or icmp", rule(FlatLan.VIP, "tpc", 80, 8080, FlatLan.EP1));
        refusedPost(400, "port.*\\b0\\b.*give 1-65535", rule(FlatLan.VIP, "tcp", 0, 8080, FlatLan.EP1));
        refusedPost(400, "port.*65536.*give 1-65535", rule(FlatLan.VIP, "tcp", 65536, 8080, FlatLan.EP1));
        refusedPost(400, "targetPort.*\\b0\\b.*give 1-65535", rule(FlatLan.VIP, "tcp", 80, 0, FlatLan.EP1));
        refusedPost(400, "targetPort.*65536.*give 1-65535", rule(FlatLan.VIP, "tcp", 80, 65536, FlatLan.EP1));
        refusedPost(
                400,
                "endpointIP=10\\.9\\.8\\.7.*add a route",
                rule(FlatLan.VIP, "tcp", 80, 8080, FlatLan.EP1, "10.9.8.7"));
        refusedPost(400, "endpoints.*give 1-32", rule(FlatLan.VIP, "tcp", 80, 8080));
        refusedPost(422, "[jJ][sS][oO][nN]", "{this is not JSON");
        refusedPost(422, "port", rule(FlatLan.VIP, "tcp", "\"http\"", 8080, FlatLan.EP1));
        requireNothing();
    }

    @Test
    void commandLineRefusesAndCreatesNothing() throws Exception {
        refusedCreate("gatun: .*externalIP.*192\\.168\\.80.*give.*", "192.168.80", "--tcp=80:8080");
        refusedCreate("gatun: .*port=0, give 1-65535.*", FlatLan.VIP, "--tcp=0:8080");
        refusedCreate("gatun: .*port=65536, give 1-65535.*", FlatLan.VIP, "--tcp=65536:8080");
        refusedCreate("gatun: unknown option --tpc=80:8080.*", FlatLan.VIP, "--tpc=80:8080");
        refusedCreate(
                "gatun: .*endpointIP=10\\.9\\.8\\.7.*add a route.*",
                FlatLan.VIP,
                "--tcp=80:8080",
                "--endpoints=10.9.8.7:1");
        requireNothing();
    }

    private static void refusedRun(String sentence, String... options) {
        Path mine = directory.resolve("refused");
        List<String> arguments = new ArrayList<>(List.of("run", "--run-dir=" + mine, "--state-dir=" + mine));
        arguments.addAll(List.of(options));
        if (arguments.stream().noneMatch(argument -> argument.startsWith("--api"))) {
            arguments.add("--api=127.0.0.1:11112");
        }
        refused(GatunNode.gatun(lan.lb(), arguments.toArray(String[]::new)), 2, sentence);
        assertTrue(node.alive());
    }

    private static void refusedCreate(String sentence, String... arguments) {
        List<String> all = new ArrayList<>(List.of("create", "lb"));
        all.addAll(List.of(arguments));
        if (all.stream().noneMatch(argument -> argument.startsWith("--endpoints"))) {
            all.add("--endpoints=" + FlatLan.EP1 + ":1");
        }
        ExecResult result = GatunNode.gatun(lan.lb(), all.toArray(String[]::new));
        assertTrue(result.exitCode() == 1 || result.exitCode() == 2, "exit code " + result.exitCode());
        refused(result, result.exitCode(), sentence);
    }

    private static void refused(ExecResult result, int exitCode, String sentence) {
        String all = "exit code " + result.exitCode() + ", stdout:\n" + result.stdout() + "stderr:\n" + result.stderr();
        assertEquals(exitCode, result.exitCode(), all);
        assertTrue(result.stderr().strip().matches(sentence), all);
    }

    private static void refusedPost(int status, String sentence, String body) throws Exception {
        Http.Answer answer = node.api("POST", LB, body);
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().matches(".*\"message\":\"[^\"]*" + sentence + ".*"), body + ": " + answer.body());
    }

    private static String rule(String vip, String protocol, Object port, Object targetPort, String... endpoints) {
        return GatunNode.ruleJson(vip, protocol, port, GatunNode.ONE_ARM, targetPort, endpoints);
    }

    private static void requireNothing() throws Exception {
        assertEquals(0, node.rules().size(), node.rules().toString());
        ExecResult ping = lan.client().tryExec("ping", "-c", "1", "-W", "1", FlatLan.VIP);
        assertEquals(1, ping.exitCode(), "no VIP answers: " + ping.stdout());
    }
}
