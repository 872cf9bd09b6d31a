package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.api.cli.Gatun;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clocks of two nodes that exchange signed connections jump, each by itself: the VIP stays where it is, and after
 * all of it a takeover inherits a connection that was open before.
 */
@LabTest
class ClockJumpTest {
    private static final String NODE_B = "192.168.80.6";
    private static final List<String> JUMPS = List.of("+1h", "-1d", "+30d", "+0");

    @TempDir
    Path directory;

    @Test
    void noNodeTakesAClockForAnother(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 1).serve();
        Path key = Files.writeString(directory.resolve("key"), "a key that nobody guesses");
        FakeClock clockA = FakeClock.in(directory.resolve("clock-a"));
        FakeClock clockB = FakeClock.in(directory.resolve("clock-b"));
        Host hostB = lab.host("lb2", NODE_B + "/24");
        GatunNode a = node(lan.lb(), "a", clockA, NODE_B, key, "--priority=250");
        a.line("VRRP of IPv4, vrid=1 is ACTIVE");
        GatunNode b = node(hostB, "b", clockB, FlatLan.LB, key);
        b.awaitLine("all connections of a peer are here");
        try (Http open = lan.client().call(() -> Http.open(FlatLan.VIP, 80))) {
            for (String jump : JUMPS) {
                for (FakeClock clock : List.of(clockA, clockB)) {
                    clock.offset(jump);
                    assertEquals("ep1", lan.client().call(() -> open.get("/name")), jump);
                    assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"), jump);
                    TakeoverChecksTest.awaitAdverts(b);
                    assertEquals(List.of("MASTER", "BACKUP"), List.of(a.state(), b.state()), jump);
                }
            }
            assertEquals(0, b.own("/incidents").get("incidents").size());
            clockA.offset("-1h");
            clockB.offset("+1h");
            try (Http last = lan.client().call(() -> Http.open(FlatLan.VIP, 80))) {
                assertEquals("ep1", lan.client().call(() -> last.get("/name")));
                ConnectionSyncTest.await("copies of both", () -> ConnectionSyncTest.directions(b, "est") == 4);
                a.kill9();
                b.line("takeover 1 of IPv4: .* connections_lost=0");
                assertEquals("ep1", lan.client().call(() -> open.get("/name")), "from before the jumps");
                assertEquals("ep1", lan.client().call(() -> last.get("/name")), "opened while clocks differed");
            }
        }
        assertEquals(0, b.terminate());
        GatunNode.gatun(lan.lb(), "detach");
    }

    private GatunNode node(Host host, String name, FakeClock clock, String peer, Path key, String... more)
            throws Exception {
        List<String> options = new ArrayList<>(List.of("--peer=" + peer, "--sync-key=" + key));
        options.addAll(List.of(more));
        Path own = Files.createDirectory(directory.resolve(name));
        GatunNode node = GatunNode.start(
                host,
                clock.command(
                        JavaCommand.of(Gatun.class, GatunNode.runArguments(own, options.toArray(String[]::new)))));
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        return node;
    }
}
