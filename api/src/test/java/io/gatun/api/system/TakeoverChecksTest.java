package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes check before and after a takeover (docs/adr/0026-takeover-checks.md), as a client sees it. */
@LabTest
class TakeoverChecksTest {
    private static final String OTHER = "192.168.80.6";
    private static final String GATEWAY = "192.168.80.1";
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    @TempDir
    Path directory;

    private FlatLan lan;
    private Host other;

    @BeforeEach
    void build(Lab lab) {
        Host client = lab.host("client", FlatLan.CLIENT + "/24");
        lan = new FlatLan(lab, client, lab.host("lb", FlatLan.LB + "/24"), List.of());
        other = lab.host("lb2", OTHER + "/24");
    }

    @Test
    void aTakeoverAfterKill9IsOnRecord() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150);
        GatunNode second = gatun(other, "b", 100, "--traffic-alarm=1s");
        owners(first, second);
        first.kill9();
        awaitOwner(other);
        second.awaitLine("connections_lost=0");

        JsonNode all = second.own("/incidents");
        JsonNode incident = all.at("/incidents/0");
        assertEquals(1, all.get("incidents").size(), all.toString());
        assertEquals("silence", incident.get("detectedBy").asText());
        assertTrue(incident.get("silentMs").asDouble() >= 360, incident.toString());
        assertTrue(incident.get("announcedMs").asDouble() >= 0, incident.toString());
        assertTrue(incident.get("firstPacketMs").asDouble() >= 0, "an echo reply: " + incident);
        assertEquals(1, all.at("/outageSeconds/count").asInt());
        ExecResult shown = GatunNode.gatun(other, "get", "hastate", "-o", "wide");
        assertTrue(shown.stdout().contains("DETECTED BY") && shown.stdout().contains("| silence"), shown.stdout());
        System.out.println("takeover: after kill -9 " + incident);
        second.terminate();
    }

    /** Adverts are lost on their way to the backup, in which ARP is not. */
    @Test
    void aDeadHeartbeatPathAloneMovesTheVipOnlyAfterTenAnswers() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150);
        GatunNode second = gatun(other, "b", 100);
        owners(first, second);
        long cutNs = System.nanoTime();
        dropAt(other, "ip protocol 112");
        second.awaitLine("its owner lives and the path of the adverts is dead");
        staysAtFirst(TimeUnit.MILLISECONDS.toNanos(1_500));
        passAt(other);
        second.awaitState("BACKUP");
        staysAtFirst(TimeUnit.MILLISECONDS.toNanos(500));
        assertEquals(0, second.own("/incidents").get("incidents").size());
        System.out.println("takeover: held back for " + ms(cutNs) + " ms, until adverts came again");

        cutNs = System.nanoTime();
        dropAt(other, "ip protocol 112");
        second.awaitState("MASTER");
        JsonNode incident = second.own("/incidents").at("/incidents/0");
        assertEquals(9, incident.get("heldBack").asInt(), incident.toString());
        System.out.println("takeover: the tenth answer was not believed " + ms(cutNs) + " ms after the last advert");
        passAt(other);
        second.awaitState("BACKUP");
        awaitOwner(lan.lb());
        first.terminate();
        second.terminate();
    }

    @Test
    void aFrozenMasterThawsIntoOneWhoDoesNotAnswer() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150, "--no-preempt");
        GatunNode second = gatun(other, "b", 100);
        owners(first, second);
        lan.lb().exec("sh", "-c", "kill -STOP " + first.pid());
        awaitOwner(other);
        ask(20); // these wait in the sockets of the frozen one
        LocalTime thawed;
        List<String> answers;
        try (Capture capture = Capture.start(lan.client(), "arp[6:2] = 2 and arp src host " + FlatLan.VIP)) {
            lan.lb().exec("sh", "-c", "kill -CONT " + first.pid());
            thawed = LocalTime.now(ZoneId.systemDefault());
            ask(100);
            first.awaitState("BACKUP");
            ask(100);
            answers = capture.frames();
        }
        assertFalse(answers.isEmpty());
        String lastOfFirst = null;
        for (String answer : answers) {
            lastOfFirst = answer.contains("is-at " + lan.lb().mac()) ? answer : lastOfFirst;
        }
        assertTrue(answers.getLast().contains("is-at " + other.mac()), answers.toString());
        long twoMs = lastOfFirst == null
                ? 0
                : Math.max(
                        0,
                        Duration.between(thawed, LocalTime.parse(lastOfFirst.substring(0, 15)))
                                .toMillis());
        System.out.println("takeover: two answered for " + twoMs + " ms after SIGCONT, " + answers.size() + " answers");
        assertTrue(twoMs < 100, lastOfFirst);
        second.awaitState("MASTER");
        first.terminate();
        second.terminate();
    }

    /** Its thread sleeps in poll(2) for longer than it asked for; all other threads run. */
    @Test
    void anAgentThatStandsStillGivesTheVipUp() throws Exception {
        GatunNode first = gatun(lan.lb(), "a", 150);
        GatunNode second = gatun(other, "b", 100);
        owners(first, second);
        long stalledNs = System.nanoTime();
        LabProcess strace = lan.lb()
                .start(
                        "strace",
                        "-p",
                        Long.toString(thread(first.pid(), "forwarder eth0/")),
                        "-o",
                        directory.resolve("strace").toString(),
                        "-e",
                        "trace=poll",
                        "-e",
                        "inject=poll:delay_enter=3000000");
        first.awaitLine("the agent eth0/0 has stood still for more than 1000 ms: this node gives the VIPs up");
        awaitOwner(other);
        System.out.println("takeover: given up " + ms(stalledNs) + " ms after an agent stood still");
        assertEquals(
                "left", second.own("/incidents").at("/incidents/0/detectedBy").asText());
        strace.terminate();
        first.awaitLine("this node takes part again");
        awaitOwner(lan.lb());
        first.terminate();
        second.terminate();
    }

    @Test
    void aLostWitnessMovesTheVipToANodeThatSeesItAndNeverTakesItAway(Lab lab) throws Exception {
        Host gateway = lab.host("gateway", GATEWAY + "/24");
        GatunNode first = gatun(lan.lb(), "a", 120, "--witness=" + GATEWAY);
        GatunNode second = gatun(other, "b", 100, "--witness=" + GATEWAY);
        owners(first, second);
        awaitWitness(gateway);
        dropAt(lan.lb(), "arp operation reply arp saddr ip " + GATEWAY);
        first.awaitLine("the witness does not answer any more");
        awaitOwner(other);
        first.awaitState("BACKUP");
        passAt(lan.lb());
        awaitOwner(lan.lb());

        gateway.exec("ip", "link", "set", "eth0", "down");
        second.awaitLine("the witness does not answer any more");
        awaitOwner(lan.lb()); // it may have moved for as long as only one of them had noticed
        staysAtFirst(TimeUnit.SECONDS.toNanos(2));
        first.awaitState("MASTER");
        first.terminate();
        second.terminate();
    }

    /** Both nodes have asked it, and a moment later asked again, so that both have an answer. */
    private void awaitWitness(Host gateway) {
        try (Capture capture = Capture.start(gateway, "arp[6:2] = 1 and arp dst host " + GATEWAY)) {
            for (String node : List.of(FlatLan.LB, OTHER, FlatLan.LB, OTHER)) {
                capture.await("tell " + node + ",");
            }
        }
    }

    private GatunNode gatun(Host host, String name, int priority, String... more) {
        List<String> options = new ArrayList<>(List.of("--vrid=" + VrrpTest.VRID, "--priority=" + priority));
        options.addAll(List.of(more));
        return GatunNode.start(host, directory.resolve(name), options.toArray(String[]::new));
    }

    private void owners(GatunNode first, GatunNode second) throws Exception {
        first.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        first.awaitState("MASTER");
        second.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        awaitOwner(lan.lb());
        second.awaitState("BACKUP");
        awaitAdverts(second);
    }

    /** A backup that has heard nobody yet finds nobody gone. */
    static void awaitAdverts(GatunNode node) throws Exception {
        long before = adverts(node);
        long startNs = System.nanoTime();
        while (adverts(node) < before + 2) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "no adverts come");
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private static long adverts(GatunNode node) throws Exception {
        return node.api("GET", "/metrics", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("gatun_vrrp_adverts_received") && line.contains("verdict=\"valid\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** At the hook of nftables that comes before packet sockets. */
    private static void dropAt(Host host, String what) {
        host.exec("nft", "add", "table", "netdev", "cut");
        host.exec("nft", "add chain netdev cut in { type filter hook ingress device eth0 priority 0; }");
        host.exec("nft", "add rule netdev cut in " + what + " drop");
    }

    private static void passAt(Host host) {
        host.exec("nft", "delete", "table", "netdev", "cut");
    }

    private static long thread(long pid, String name) throws Exception {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).strip().equals(name)) {
                    return Long.parseLong(thread.getFileName().toString());
                }
            }
        }
        throw new AssertionError("there is no thread " + name);
    }

    /** Asks for the VIP so many times, by ARP. */
    private void ask(int times) {
        for (int i = 0; i < times; i++) {
            lan.client().exec("ip", "neigh", "flush", "to", FlatLan.VIP, "dev", "eth0");
            lan.client().tryExec("ping", "-c", "1", "-W", "1", FlatLan.VIP);
        }
    }

    private void staysAtFirst(long forNs) {
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < forNs) {
            ask(1);
            String entry = neighbour();
            assertFalse(entry.contains(other.mac()), entry);
        }
    }

    private void awaitOwner(Host host) {
        long startNs = System.nanoTime();
        String entry = "";
        while (!entry.contains("lladdr " + host.mac())) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "the VIP is not at " + host.mac() + ": " + entry);
            ask(1);
            entry = neighbour();
        }
    }

    private String neighbour() {
        return lan.client()
                .exec("ip", "neigh", "show", FlatLan.VIP, "dev", "eth0")
                .stdout();
    }

    private static long ms(long sinceNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }
}
