package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleProbe;
import io.gatun.kube.model.RuleState;
import io.gatun.kube.testkit.GatunProcess;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of two real Gatun processes. */
@LabTest
class FleetOnGatunTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SERVICES = Integer.getInteger("gatun.kube.services", 200);
    private static final int CHANGES = Integer.getInteger("gatun.kube.changes", 2000);
    private static final long SEED = Long.getLong("gatun.kube.seed", 7);
    private static final int CHECKPOINT = 500;

    /** As in production, but it compares within a test, and a machine that is busy building is not taken for dead. */
    private static final Pace PACE = new Pace(
            Pace.USUAL.probe(),
            Duration.ofSeconds(3),
            Pace.USUAL.misses(),
            Pace.USUAL.call(),
            Duration.ofSeconds(2),
            Pace.USUAL.retryMin(),
            Duration.ofSeconds(2),
            Pace.USUAL.settle(),
            Pace.USUAL.giveUp(),
            Pace.USUAL.parallel());

    @TempDir
    static Path directory;

    private static GatunProcess nodeA;
    private static GatunProcess nodeB;
    private static HttpClient http;

    private final Signal signal = new Signal();
    private Fleet fleet;

    @BeforeAll
    static void start(Lab lab) {
        http = HttpClient.newHttpClient();
        nodeA = GatunProcess.start(lab.host("lb1", "192.168.80.5/16", "2001:db8::5/64"), directory.resolve("a"));
        nodeB = GatunProcess.start(lab.host("lb2", "192.168.80.6/16", "2001:db8::6/64"), directory.resolve("b"));
    }

    @AfterAll
    static void stop() throws IOException {
        http.shutdownNow();
        nodeA.close();
        nodeB.close();
    }

    @BeforeEach
    void open() {
        fleet(PACE);
    }

    private void fleet(Pace pace) {
        fleet = new Fleet(new FleetOptions("0.0.0.0", "llb", 1, List.of(), false, false), name -> null, pace);
        fleet.onChange(keys -> signal.raise());
        fleet.members(List.of(nodeA.uri(), nodeB.uri()));
    }

    @AfterEach
    void close() throws InterruptedException {
        fleet.want(Map.of());
        for (GatunProcess node : List.of(nodeA, nodeB)) {
            if (!node.alive()) {
                node.restart();
            }
            awaitRules(node, Map.of());
        }
        fleet.close();
    }

    private static LoadBalancerClient client(GatunProcess node) {
        return new LoadBalancerClient(http, node.uri(), name -> null, Pace.USUAL, new Counts());
    }

    /** Asked past the fleet. */
    private static boolean has(GatunProcess node, Map<RuleKey, Rule> wanted) {
        try {
            Map<RuleKey, Rule> there = client(node).rules();
            return there.keySet().equals(wanted.keySet())
                    && wanted.values().stream().allMatch(rule -> Forms.same(rule, there.get(rule.key()), true));
        } catch (IOException e) {
            return false;
        }
    }

    private static String role(GatunProcess node) {
        try {
            return client(node).roles().getOrDefault("llb-inst0", "");
        } catch (IOException e) {
            return "";
        }
    }

    private void awaitRules(GatunProcess node, Map<RuleKey, Rule> wanted) throws InterruptedException {
        signal.await(PATIENCE, () -> has(node, wanted), () -> node.uri() + " has not " + wanted.keySet());
    }

    private void awaitRole(GatunProcess node, String role) throws InterruptedException {
        signal.await(PATIENCE, () -> role(node).equals(role), () -> role(node) + " and not " + role);
    }

    private void awaitState(RuleKey key, RuleState state) throws InterruptedException {
        signal.await(PATIENCE, () -> fleet.state(key).equals(state), () -> fleet.state(key) + " and not " + state);
    }

    private static List<String> changes(GatunProcess node) {
        return node.door().requests().stream()
                .filter(request -> !request.startsWith("GET"))
                .toList();
    }

    private static long comparisons(GatunProcess node) {
        return node.door().requests().stream()
                .filter(request -> request.endsWith("/config/loadbalancer/all"))
                .count();
    }

    /** What Gatun makes of a rule is no difference: the second controller, too, has nothing to do. */
    @Test
    void bothHaveTheRulesAndAreLeftAlone() throws Exception {
        Map<RuleKey, Rule> rules = Rules.map(Rules.plain(1, 2), Rules.full(2), six(), udp());
        fleet.want(rules);
        for (Rule rule : rules.values()) {
            awaitState(rule.key(), new RuleState(2, 2, 0, ""));
        }
        awaitRules(nodeA, rules);
        awaitRules(nodeB, rules);
        for (int controller = 0; controller < 2; controller++) {
            nodeA.door().forgetRequests();
            signal.await(() -> comparisons(nodeA) >= 2, nodeA.door()::requests);
            assertEquals(
                    List.of(),
                    changes(nodeA).stream()
                            .filter(request -> request.contains("loadbalancer"))
                            .toList());
            assertEquals(0, fleet.metrics().drift());
            fleet.close();
            fleet(PACE);
            fleet.want(rules);
        }
    }

    @Test
    void aKilledOneThatLostItsStateGetsItsRoleAndThenItsRules() throws Exception {
        Map<RuleKey, Rule> rules = Rules.plain(20);
        fleet.want(rules);
        awaitRules(nodeA, rules);
        awaitRules(nodeB, rules);
        GatunProcess master = fleet.metrics().masters().containsValue(nodeA.uri()) ? nodeA : nodeB;
        GatunProcess other = master == nodeA ? nodeB : nodeA;
        awaitRole(master, "MASTER");
        awaitRole(other, "BACKUP");

        long killedNs = System.nanoTime();
        master.kill9();
        awaitRole(other, "MASTER");
        long tookMs = Duration.ofNanos(System.nanoTime() - killedNs).toMillis();
        // Two probes, when nothing else runs here.
        assertTrue(tookMs < 5000, tookMs + " ms");
        awaitState(Rules.key(1), new RuleState(1, 2, 1, ""));
        master.loseState();
        master.door().forgetRequests();
        master.restart();
        awaitRules(master, rules);
        awaitRole(master, "BACKUP");
        assertEquals("POST /netlox/v1/config/cistate", changes(master).getFirst());
        awaitState(Rules.key(1), new RuleState(2, 2, 0, ""));
        assertEquals("MASTER", role(other));
    }

    @Test
    void aRuleDeletedWhileOneIsDownIsGoneThereToo() throws Exception {
        fleet.want(Rules.plain(3));
        awaitRules(nodeA, Rules.plain(3));
        awaitRules(nodeB, Rules.plain(3));
        nodeB.kill9();
        fleet.want(Rules.plain(2));
        awaitRules(nodeA, Rules.plain(2));
        awaitState(Rules.key(2), new RuleState(0, 2, 1, ""));
        nodeB.restart();
        awaitState(Rules.key(2), new RuleState(0, 2, 0, ""));
        awaitRules(nodeB, Rules.plain(2));
    }

    /** {@code --appendEPs}: two controllers give endpoints to one rule of a real node. */
    @Test
    void controllersOfTwoClustersShareARule() throws Exception {
        Rule rule = Rules.plain(1, 3);
        RuleKey key = rule.key();
        RuleEndpoint others = new RuleEndpoint("192.168.91.1", 30_500, 1);
        try (Fleet east = sharing("east");
                Fleet west = sharing("west")) {
            east.want(Rules.map(rule));
            west.want(Rules.map(rule.with("default_web:west-inst0", List.of(others), List.of())));
            awaitEndpoints(
                    Stream.concat(rule.endpoints().stream(), Stream.of(others)).toList());
            List<RuleEndpoint> fewer = rule.endpoints().subList(1, 3);
            east.want(Rules.map(rule.with(rule.name(), fewer, rule.endpoints().subList(0, 1))));
            awaitEndpoints(Stream.concat(fewer.stream(), Stream.of(others)).toList());
            nodeA.door().forgetRequests();
            signal.await(() -> comparisons(nodeA) >= 4, nodeA.door()::requests);
            assertEquals(List.of(), changes(nodeA));
            east.want(Rules.map(rule.with(rule.name(), List.of(), rule.endpoints())));
            awaitEndpoints(List.of(others));
            signal.await(() -> east.state(key).equals(new RuleState(0, 1, 0, "")), () -> east.state(key));
            west.want(Rules.map(rule.with(rule.name(), List.of(), List.of(others))));
            awaitRules(nodeA, Map.of());
            signal.await(() -> west.state(key).equals(new RuleState(0, 1, 0, "")), () -> west.state(key));
            assertEquals(0, east.metrics().drift() + west.metrics().drift());
        }
    }

    private Fleet sharing(String zone) {
        Fleet sharing = new Fleet(new FleetOptions("", zone, 1, List.of(), false, true), name -> null, PACE);
        sharing.onChange(keys -> signal.raise());
        sharing.members(List.of(nodeA.uri()));
        return sharing;
    }

    private void awaitEndpoints(List<RuleEndpoint> endpoints) throws InterruptedException {
        signal.await(
                PATIENCE,
                () -> endpoints(Rules.key(1)).equals(endpoints),
                () -> endpoints(Rules.key(1)).toString());
    }

    private static List<RuleEndpoint> endpoints(RuleKey key) {
        try {
            Rule rule = client(nodeA).rules().get(key);
            return rule == null ? List.of() : rule.endpoints();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Endpoints come and go at random; {@code -Dgatun.kube.services}, {@code .changes} and {@code .seed} say how much. */
    @Test
    void muchChurnEndsWithWhatIsWanted() throws Exception {
        Random random = new Random(SEED);
        Map<RuleKey, Rule> wanted = new HashMap<>(Rules.plain(SERVICES));
        fleet.want(wanted);
        awaitAll(wanted);
        nodeA.door().forgetRequests();
        nodeB.door().forgetRequests();
        for (int change = 1; change <= CHANGES; change++) {
            int number = random.nextInt(SERVICES);
            wanted.put(Rules.key(number), changed(random, number, wanted.get(Rules.key(number))));
            fleet.want(wanted);
            if (change % CHECKPOINT == 0) {
                awaitAll(wanted);
            }
        }
        awaitAll(wanted);
        for (GatunProcess node : List.of(nodeA, nodeB)) {
            long posts = changes(node).size();
            assertTrue(posts <= CHANGES + CHANGES / 10, posts + " requests for " + CHANGES + " changes");
            System.out.println(node.uri() + ": " + posts + " requests for " + CHANGES + " changes");
        }
        wanted.clear();
        fleet.want(wanted);
        awaitAll(wanted);
        assertEquals(0, fleet.metrics().drift());
    }

    private void awaitAll(Map<RuleKey, Rule> wanted) throws InterruptedException {
        signal.await(
                PATIENCE,
                () -> Stream.iterate(0, i -> i < SERVICES, i -> i + 1).allMatch(i -> settled(wanted, Rules.key(i))),
                fleet::metrics);
        assertTrue(has(nodeA, wanted));
        assertTrue(has(nodeB, wanted));
    }

    private boolean settled(Map<RuleKey, Rule> wanted, RuleKey key) {
        return fleet.state(key).equals(new RuleState(wanted.containsKey(key) ? 2 : 0, 2, 0, ""));
    }

    private static Rule changed(Random random, int number, Rule before) {
        RuleEndpoint endpoint = new RuleEndpoint("192.168.81." + (1 + random.nextInt(30)), 30_000 + number, 1);
        List<RuleEndpoint> endpoints = before.endpoints().contains(endpoint)
                ? before.endpoints().stream()
                        .filter(each ->
                                !each.equals(endpoint) || before.endpoints().size() == 1)
                        .toList()
                : Stream.concat(before.endpoints().stream(), Stream.of(endpoint))
                        .toList();
        return Rules.with(number, endpoints, before.allowedSources(), before.mode(), before.inactiveTimeoutSeconds());
    }

    private static Rule six() {
        return new Rule(
                new RuleKey("2001:db8::200", 443, "tcp"),
                "default_six:llb-inst0",
                1,
                0,
                0,
                false,
                Rules.full(1).probe(),
                false,
                "",
                List.of(),
                List.of("2001:DB8:1::1/48"),
                List.of(new RuleEndpoint("2001:db8::11", 8443, 1)));
    }

    private static Rule udp() {
        return new Rule(
                new RuleKey("192.168.80.200", 53, "udp"),
                "kube-system_dns:llb-inst0",
                1,
                0,
                0,
                false,
                RuleProbe.UNSAID,
                false,
                "",
                List.of(),
                List.of(),
                List.of(new RuleEndpoint("192.168.80.11", 5353, 1)));
    }
}
