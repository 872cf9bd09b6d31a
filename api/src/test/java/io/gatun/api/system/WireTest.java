package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.cli.Gatun;
import io.gatun.forwarder.counters.CountersFile;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.ProcessSpec;
import io.gatun.lab.junit.LabTest;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fragments, ranges of ports, allowed sources, two queues, {@code explain} and {@code trace}, on both engines. */
@LabTest
class WireTest {
    private static final int LENGTH = 5_000_000;
    private static final int QUEUES = 2;

    @TempDir
    static Path directory;

    private static final Map<String, GatunNode> NODES = new HashMap<>();
    private static final Map<String, Host> HOSTS = new HashMap<>();
    private static Host client;
    private static Host stranger;

    @BeforeAll
    static void start(Lab lab) {
        client = lab.host("client", addresses(10));
        stranger = lab.host("stranger", addresses(20));
        Host endpoint = lab.host("ep1", addresses(11));
        for (String engine : Cell.ENGINES) {
            LinkSpec link = LinkSpec.of(addresses(number(engine))).withQueues(QUEUES);
            Host lb = lab.host("lb-" + engine, link);
            HOSTS.put(engine, lb);
            NODES.put(engine, GatunNode.start(lb, directory.resolve(engine), "--io=" + engine));
        }
        new FlatLan(lab, client, endpoint, List.of(endpoint)).serve();
    }

    @ParameterizedTest
    @CsvSource({"xdp, 192.168.80.", "raw, 192.168.80.", "xdp, fd00:80::", "raw, fd00:80::"})
    void datagramsOfAnySizeGoBothWaysAlsoInFragments(String engine, String network) throws Exception {
        String vip = network + "1" + number(engine) + "0";
        NODES.get(engine).rule(vip, "udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, network + "11");
        for (int length : new int[] {1, 3, 1_473, 8_000, 32_000}) {
            String question = "0123456789abcdef".repeat(length / 16 + 1).substring(0, length);
            assertEquals("ep1 " + question, Udp.ask(client, vip, 53, question));
        }
        String ping = client.tryExec("ping", "-c", "3", "-i", "0.2", "-W", "2", "-s", "4000", vip)
                .stdout();
        assertTrue(ping.contains("3 received") && !ping.contains("wrong data"), ping);
    }

    @ParameterizedTest
    @CsvSource({"xdp, 192.168.80.", "raw, 192.168.80.", "xdp, fd00:80::", "raw, fd00:80::"})
    void aRangeOfPortsIsServedAndItsNeighboursAreNot(String engine, String network) throws Exception {
        String vip = network + "1" + number(engine) + "1";
        post(
                engine,
                "\"externalIP\":\"" + vip + "\",\"port\":7000,\"portMax\":7010,\"protocol\":\"tcp\",\"mode\":1",
                network + "11",
                "");
        for (int port : new int[] {7_000, 7_005, 7_010}) {
            assertEquals("ep1", Http.get(client, vip, port, "/name"));
        }
        for (int port : new int[] {6_999, 7_011}) {
            assertThrows(
                    ConnectException.class,
                    () -> client.run(() -> Http.open(vip, port).close()));
        }
    }

    @ParameterizedTest
    @CsvSource({"xdp, 192.168.80., 32", "raw, 192.168.80., 32", "xdp, fd00:80::, 128", "raw, fd00:80::, 128"})
    void aSourceThatIsNotAllowedHearsNothing(String engine, String network, int bits) throws Exception {
        String vip = network + "1" + number(engine) + "2";
        post(
                engine,
                "\"externalIP\":\"" + vip + "\",\"port\":80,\"protocol\":\"tcp\",\"mode\":1",
                network + "11",
                ",\"allowedSources\":[{\"prefix\":\"" + network + "10/" + bits + "\"}]");
        assertEquals("ep1", Http.get(client, vip, 80, "/name"));
        long deniedBefore = denied(engine);
        int attempts = 3;
        // All but what neighbours say to each other (133 to 137 of ICMPv6).
        String filter = "ether host " + stranger.mac()
                + " and (ip or ip6) and not ether multicast and not (icmp6 and ip6[40] >= 133)";
        try (Capture capture = Capture.start(stranger, filter)) {
            for (int i = 0; i < attempts; i++) {
                // Less than the time after which a SYN is sent again.
                assertThrows(
                        SocketTimeoutException.class,
                        () -> stranger.run(() -> Http.open(vip, 80, 300).close()));
            }
            List<String> frames = capture.frames();
            String syn = stranger.mac() + " > .*> " + vip + "\\.80: Flags \\[S\\].*";
            assertEquals(attempts, frames.size(), frames::toString);
            assertTrue(frames.stream().allMatch(frame -> frame.matches(".*" + syn)), frames::toString);
        }
        String from = end(network + "20", 40_000);
        ExecResult explained =
                GatunNode.gatun(HOSTS.get(engine), "explain", "--from=" + from, "--to=" + end(vip, 80), "--proto=tcp");
        assertEquals(3, explained.exitCode(), explained.stderr());
        List<String> lines = explained.stdout().lines().toList();
        assertEquals(
                List.of(
                        "drop      source_denied: " + network + "20 is in none of the allowed sources " + network
                                + "10/" + bits,
                        "verdict   drop (source_denied)"),
                lines.subList(Math.max(0, lines.size() - 2), lines.size()));
        assertEquals(attempts, denied(engine) - deniedBefore);
    }

    /** The kernel draws a queue for each sending socket, so that both ways of a connection differ in half of them. */
    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void repliesMayComeInOnAnotherQueue(String engine) throws Exception {
        String vip = "192.168.80.1" + number(engine) + "3";
        NODES.get(engine).rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        String digest = Http.expectedDigest(LENGTH);
        Set<String> crossed = Set.of("request 0, reply 1", "request 1, reply 0");
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 60 && !seen.containsAll(crossed); i++) {
            long[] opened = counters(engine, "flows_opened");
            long[] received = counters(engine, "rx_bytes");
            try (Download download = Download.start(client, vip, 80, LENGTH)) {
                assertEquals(digest, download.digest());
            }
            seen.add("request " + queueThatRose(engine, "flows_opened", opened, 1) + ", reply "
                    + queueThatRose(engine, "rx_bytes", received, LENGTH));
        }
        assertTrue(seen.containsAll(crossed), seen::toString);
        String ports = NODES.get(engine).api("GET", "/config/port/all", "").body();
        assertTrue(ports.contains("\"queues\":2"), ports);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void packetsAreExplainedAndTraced(String engine) throws Exception {
        String vip = "192.168.80.1" + number(engine) + "4";
        NODES.get(engine).rule(vip, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        String explained = GatunNode.gatun(
                        HOSTS.get(engine),
                        "explain",
                        "--from=192.168.80.10:40000",
                        "--to=" + vip + ":80",
                        "--proto=tcp")
                .stdout();
        assertTrue(explained.contains(FlatLan.EP1), explained);
        Path file = directory.resolve(engine + ".pcapng");
        List<String> command =
                new ArrayList<>(JavaCommand.of(Gatun.class, "trace", "--vip=" + vip, "--count=4", "--write=" + file));
        LabProcess trace = HOSTS.get(engine).start(ProcessSpec.of(command).named("trace"));
        Duration patience = Duration.ofSeconds(20);
        long deadlineNs = System.nanoTime() + patience.toNanos();
        // The trace begins when it says nothing yet: connections are made until it has seen enough.
        while (trace.alive() && System.nanoTime() - deadlineNs < 0) {
            assertEquals("ep1", Http.get(client, vip, 80, "/name"));
        }
        assertEquals(0, trace.awaitExit(patience), String.join("\n", trace.tail(20)));
        ExecResult read = HOSTS.get(engine).exec("tcpdump", "-n", "-r", file.toString());
        assertEquals(4, read.stdout().lines().count(), read.stdout());
        assertTrue(read.stdout().contains(vip + ".80"), read.stdout());
    }

    @Test
    void cellsThatMakeNoSenseAreRefusedWithTheReason() throws Exception {
        String v4 = "\"externalIP\":\"192.168.80.199\",\"port\":80,\"protocol\":\"tcp\"";
        String v6 = "\"externalIP\":\"fd00:80::199\",\"port\":80,\"protocol\":\"tcp\"";
        refused(v4 + ",\"mode\":1", "fd00:80::11", 8080, "IPv4 address as the VIP is");
        refused(v6 + ",\"mode\":3,\"sel\":1", FlatLan.EP1, 80, "cannot answer for the IPv6 VIP");
        refused(v4 + ",\"mode\":4", FlatLan.EP1, 8080, "L7 proxy");
        refused(v4 + ",\"mode\":3,\"sel\":0", FlatLan.EP1, 80, "Hash");
        refused(v4 + ",\"mode\":3,\"sel\":1", FlatLan.EP1, 8080, "changes no ports");
        refused(v4 + ",\"mode\":5", FlatLan.EP1, 8080, "0.0.0.0");
        refused(v4 + ",\"mode\":1,\"privateIP\":\"192.168.80.198\"", FlatLan.EP1, 8080, "only mode 2");
        refused(
                "\"externalIP\":\"192.168.80.199\",\"port\":80,\"protocol\":\"icmp\",\"mode\":1",
                FlatLan.EP1,
                0,
                "icmp has no ports");
        refused(
                "\"externalIP\":\"::\",\"port\":80,\"protocol\":\"tcp\",\"mode\":5",
                FlatLan.EP1,
                8080,
                "mode 1|NAT64|one family|IPv6");
    }

    private static void refused(String service, String endpoint, int port, String reason) throws Exception {
        Http.Answer answer = NODES.get("raw").api("POST", "/config/loadbalancer", body(service, endpoint, port, ""));
        assertFalse(answer.body().contains("Success"), service + ": " + answer.body());
        assertTrue(answer.body().matches(".*(" + reason + ").*"), answer.body());
    }

    private static void post(String engine, String service, String endpoint, String more) throws Exception {
        Http.Answer answer =
                NODES.get(engine).api("POST", "/config/loadbalancer", body(service, endpoint, FlatLan.HTTP, more));
        assertEquals(200, answer.status(), answer.body());
    }

    private static String body(String service, String endpoint, int port, String more) {
        return "{\"serviceArguments\":{" + service + "},\"endpoints\":[{\"endpointIP\":\"" + endpoint
                + "\",\"targetPort\":" + port + ",\"weight\":1}]" + more + "}";
    }

    private static long denied(String engine) {
        return Arrays.stream(counters(engine, "drop_" + DropReason.SOURCE_DENIED.label()))
                .sum();
    }

    /** The counter of this name of each queue's agent. */
    private static long[] counters(String engine, String name) {
        Map<String, Long> all = CountersFile.read(directory.resolve(engine).resolve("run"));
        return IntStream.range(0, QUEUES)
                .mapToLong(queue -> all.get("eth0/" + queue + " " + name))
                .toArray();
    }

    /** The queue whose counter rose by that much or more, or -1. */
    private static int queueThatRose(String engine, String name, long[] before, long by) {
        long[] now = counters(engine, name);
        return IntStream.range(0, QUEUES)
                .filter(queue -> now[queue] - before[queue] >= by)
                .findFirst()
                .orElse(-1);
    }

    private static String[] addresses(int number) {
        return new String[] {"192.168.80." + number + "/24", "fd00:80::" + number + "/64"};
    }

    private static String end(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    private static int number(String engine) {
        return 5 + Cell.ENGINES.indexOf(engine);
    }
}
