package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.cli.Gatun;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What breaks around a running node: a connection that was open before goes on, and new ones are served. Its state
 * directory is a file system of 256 kB in a mount namespace of its own.
 */
@LabTest
class DisastersTest {
    private static final int RULES_IN_A_PAGE = 40;

    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;
    private static Path state;
    private static FakeClock clock;

    private Http open;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 2).serve();
        state = Files.createDirectory(directory.resolve("state"));
        clock = FakeClock.in(directory.resolve("clock"));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs -o size=256k none \"$0\" && exec \"$@\"",
                state.toString()));
        command.addAll(clock.command(JavaCommand.of(Gatun.class, GatunNode.runArguments(directory, "--vrid=51"))));
        node = GatunNode.start(lan.lb(), command);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        node.line("VRRP of IPv4, vrid=51 is ACTIVE");
    }

    @BeforeEach
    void connect() throws Exception {
        open = lan.client().call(() -> Http.open(FlatLan.VIP, 80));
        assertEquals("ep1", open.get("/name"));
    }

    @AfterEach
    void disconnect() throws IOException {
        open.close();
    }

    @Test
    void aFullDiskRefusesChangesAndNothingElse() throws Exception {
        Path ballast = inside("ballast");
        assertThrows(IOException.class, () -> Files.write(ballast, new byte[1 << 20]));
        requireRefusal(node.api("POST", "/config/cistate", "{\"instance\":\"i1\",\"state\":\"MASTER\"}"), "No space");
        int taken = 0;
        Http.Answer answer = post(1_000);
        while (answer.status() == 200 && taken < RULES_IN_A_PAGE) { // what is left of the file's last page
            taken++;
            answer = post(1_000 + taken);
        }
        requireRefusal(answer, "No space");
        assertEquals(1 + taken, node.rules().size());
        requireTraffic();

        Files.delete(ballast);
        assertEquals(200, post(1_000 + taken).status());
        assertEquals(2 + taken, node.rules().size());
        for (int i = 0; i <= taken; i++) {
            node.deleteRule(FlatLan.VIP, "tcp", 1_000 + i);
        }
    }

    @Test
    void aReadOnlyStateDirectoryRefusesChangesAndNothingElse() throws Exception {
        inNamespace("mount", "--bind", state.toString(), state.toString());
        inNamespace("mount", "-o", "remount,bind,ro", state.toString());
        requireRefusal(post(2_000), "Read-only file system");
        requireRefusal(
                node.api(
                        "DELETE",
                        "/config/loadbalancer/externalipaddress/" + FlatLan.VIP + "/port/80/protocol/tcp",
                        ""),
                "Read-only file system");
        assertEquals(1, node.rules().size());
        requireTraffic();

        inNamespace("umount", state.toString());
        assertEquals(200, post(2_000).status());
        node.deleteRule(FlatLan.VIP, "tcp", 2_000);
    }

    @Test
    void aClockThatIsSetBackChangesNothing() throws Exception {
        node.rule("tcp", 3_000, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        OffsetDateTime before = time("tcp 192.168.80.200:3000 created");
        clock.offset("-1d");
        requireTraffic();
        String probed = GatunNode.ruleJson(FlatLan.VIP, "tcp", 3_001, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP2)
                .replace("\"mode\"", "\"monitor\":true,\"probeIntervalMs\":100,\"mode\"");
        assertEquals(200, node.api("POST", "/config/loadbalancer", probed).status());
        lan.endpoint(2).exec("ip", "link", "set", "eth0", "down");
        OffsetDateTime after = time("192.168.80.12.* is down");
        assertTrue(after.isBefore(before.minus(Duration.ofHours(23))), before + " " + after);
        lan.endpoint(2).exec("ip", "link", "set", "eth0", "up");
        node.line("192.168.80.12.* is up again");
        requireTraffic();
        assertEquals("MASTER", node.state());

        clock.offset("+0");
        node.deleteRule(FlatLan.VIP, "tcp", 3_000);
        node.deleteRule(FlatLan.VIP, "tcp", 3_001);
    }

    @Test
    void aPriorityThatIsChangedIsInTheNextAdverts() throws Exception {
        try (Capture adverts = Capture.start(lan.client(), "ip proto 112")) {
            adverts.await("vrid 51, prio 200");
            assertEquals(200, settings("{\"priority\":\"177\"}").status());
            adverts.await("vrid 51, prio 177");
            assertEquals(200, settings("{\"priority\":null}").status());
        }
        requireTraffic();
    }

    private static Http.Answer settings(String body) throws Exception {
        return lan.lb().call(() -> Http.exchange("127.0.0.1", 11111, "POST", "/gatun/v1/config", body));
    }

    private void requireTraffic() throws Exception {
        assertEquals("ep1", lan.client().call(() -> open.get("/name")), "a connection from before");
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"), "a new connection");
    }

    private static void requireRefusal(Http.Answer answer, String cause) {
        assertEquals(500, answer.status(), answer.body());
        assertTrue(answer.body().contains("are not saved (") && answer.body().contains(cause), answer.body());
        assertTrue(answer.body().contains("make the state directory writable and room in it"), answer.body());
    }

    private static Http.Answer post(int port) throws Exception {
        return node.api(
                "POST",
                "/config/loadbalancer",
                GatunNode.ruleJson(FlatLan.VIP, "tcp", port, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1));
    }

    /** When the node says that it logged a line. */
    private static OffsetDateTime time(String regex) {
        return OffsetDateTime.parse(node.line(regex).split(" ", 2)[0]);
    }

    /** A file of the state directory as the node sees it. */
    private static Path inside(String name) {
        return Path.of("/proc/" + node.pid() + "/root" + state.resolve(name));
    }

    private static void inNamespace(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "-t", Long.toString(node.pid()), "-m"));
        all.addAll(List.of(command));
        lan.lb().exec(all);
    }
}
