package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.lb.FakeLoadBalancer.Kind;
import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleState;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
    /** Dead servers refuse at once; a deadline that is too short would find dead ones on a machine that is busy. */
    private static final Pace QUICK = pace(Duration.ofMillis(30), Duration.ofSeconds(1), Duration.ofMillis(150));

    private static final FleetOptions NO_ROLES = new FleetOptions("", "llb", 1, List.of(), false, false);
    private static final FleetOptions ROLES = new FleetOptions("0.0.0.0", "llb", 1, List.of(), false, false);
    private static final RuleEndpoint ENDPOINT = new RuleEndpoint("192.168.81.1", 30_000, 1);
    private static final RuleEndpoint OTHER = new RuleEndpoint("192.168.81.2", 30_000, 1);

    private final Signal signal = new Signal();
    private final List<FakeLoadBalancer> servers = new ArrayList<>();
    private Fleet fleet;

    static Pace pace(Duration probe, Duration call, Duration compare) {
        return pace(probe, call, compare, Duration.ofMinutes(10));
    }

    private static Pace pace(Duration probe, Duration call, Duration compare, Duration giveUp) {
        return new Pace(
                probe,
                Duration.ofSeconds(3),
                2,
                call,
                compare,
                Duration.ofMillis(10),
                Duration.ofMillis(150),
                Duration.ofMillis(100),
                giveUp,
                4);
    }

    @AfterEach
    void close() {
        if (fleet != null) {
            fleet.close();
        }
        servers.forEach(FakeLoadBalancer::close);
    }

    private FakeLoadBalancer server(Kind kind) {
        FakeLoadBalancer server = new FakeLoadBalancer(kind, signal);
        servers.add(server);
        return server;
    }

    private void fleet(FleetOptions options) {
        fleet(options, QUICK);
    }

    private void fleet(FleetOptions options, Pace pace) {
        fleet = new Fleet(options, name -> null, pace);
        fleet.onChange(keys -> signal.raise());
        fleet.members(servers.stream().map(FakeLoadBalancer::uri).toList());
    }

    private void awaitHeld(FakeLoadBalancer server, Map<RuleKey, Rule> rules) throws InterruptedException {
        signal.await(
                () -> server.has(rules),
                () -> server.uri() + " has " + server.rules() + " and not " + rules + " after " + server.requests());
    }

    private void awaitState(RuleKey key, RuleState state) throws InterruptedException {
        signal.await(() -> fleet.state(key).equals(state), () -> fleet.state(key) + " and not " + state);
    }

    private void awaitStates(FakeLoadBalancer server, Map<String, String> states) throws InterruptedException {
        signal.await(() -> server.states().equals(states), () -> server.states() + " and not " + states);
    }

    private static List<String> changes(FakeLoadBalancer server) {
        return server.requests().stream()
                .filter(request -> !request.startsWith("GET"))
                .toList();
    }

    private static long count(FakeLoadBalancer server, String request) {
        return server.requests().stream()
                .filter(each -> each.startsWith(request))
                .count();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void rulesComeChangeAndGo(Kind kind) throws Exception {
        FakeLoadBalancer server = server(kind);
        fleet(NO_ROLES);
        Map<RuleKey, Rule> rules = Rules.map(Rules.plain(1, 2), Rules.full(2));
        fleet.want(rules);
        awaitHeld(server, rules);
        awaitState(Rules.key(1), new RuleState(1, 1, 0, ""));
        Map<RuleKey, Rule> others = Rules.map(Rules.plain(1, 3), Rules.plain(3, 1));
        fleet.want(others);
        awaitHeld(server, others);
        awaitState(Rules.key(2), new RuleState(0, 1, 0, ""));
        fleet.want(Map.of());
        awaitHeld(server, Map.of());
        awaitState(Rules.key(1), new RuleState(0, 1, 0, ""));
        assertEquals(0, fleet.metrics().drift());
    }

    /** Whatever is filled in, left out or told in another order is no difference: many comparisons, not one change. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsThereIsLeftAlone(Kind kind) throws Exception {
        FakeLoadBalancer server = server(kind);
        fleet(NO_ROLES);
        Map<RuleKey, Rule> rules = Rules.map(Rules.full(1), Rules.plain(2, 3));
        fleet.want(rules);
        awaitHeld(server, rules);
        server.forgetRequests();
        fleet.want(Rules.map(Rules.full(1), Rules.plain(2, 3)));
        signal.await(() -> count(server, "GET /netlox/v1/config/loadbalancer/all") >= 4, server::requests);
        assertEquals(List.of(), changes(server));

        fleet.close();
        server.forgetRequests();
        fleet(NO_ROLES);
        fleet.want(rules);
        awaitState(Rules.key(1), new RuleState(1, 1, 0, ""));
        signal.await(() -> count(server, "GET /netlox/v1/config/loadbalancer/all") >= 3, server::requests);
        assertEquals(List.of(), changes(server));
        assertEquals(0, fleet.metrics().drift());
    }

    /** Endpoints and sources are changed in place everywhere; of the rest, loxilb is told DELETE and POST. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void connectionsAreSpared(Kind kind) throws Exception {
        FakeLoadBalancer server = server(kind);
        fleet(NO_ROLES);
        fleet.want(Rules.map(Rules.with(1, List.of(ENDPOINT), List.of(), 1, 1800)));
        awaitState(Rules.key(1), new RuleState(1, 1, 0, ""));
        for (Rule change : List.of(
                Rules.with(1, List.of(ENDPOINT, OTHER), List.of(), 1, 1800),
                Rules.with(1, List.of(ENDPOINT, OTHER), List.of("10.0.0.0/8"), 1, 1800))) {
            fleet.want(Rules.map(change));
            awaitHeld(server, Rules.map(change));
        }
        assertEquals(0, count(server, "DELETE"));
        // loxilb takes one source for another.
        Rule source = Rules.with(1, List.of(ENDPOINT, OTHER), List.of("11.0.0.0/8"), 1, 1800);
        fleet.want(Rules.map(source));
        awaitHeld(server, Rules.map(source));
        assertEquals(kind == Kind.GATUN ? 0 : 1, count(server, "DELETE"));
        Rule timeout = Rules.with(1, List.of(ENDPOINT, OTHER), List.of("11.0.0.0/8"), 1, 60);
        fleet.want(Rules.map(timeout));
        awaitHeld(server, Rules.map(timeout));
        assertEquals(kind == Kind.GATUN ? 0 : 2, count(server, "DELETE"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatOthersDoIsPutRight(Kind kind) throws Exception {
        FakeLoadBalancer server = server(kind);
        Rule foreign = new Rule(
                Rules.key(50),
                "by-hand",
                0,
                0,
                0,
                false,
                Rules.full(1).probe(),
                false,
                "",
                List.of(),
                List.of(),
                List.of(ENDPOINT));
        server.meddle(foreign);
        server.meddle(Rules.plain(60, 1));
        fleet(NO_ROLES);
        Map<RuleKey, Rule> rules = Rules.map(Rules.plain(1, 2), Rules.plain(2, 2));
        Map<RuleKey, Rule> all = Rules.map(Rules.plain(1, 2), Rules.plain(2, 2), foreign);
        fleet.want(rules);
        awaitHeld(server, all);
        awaitState(Rules.key(1), new RuleState(1, 1, 0, ""));
        server.meddle(Rules.with(1, List.of(OTHER), List.of(), 1, 1800));
        server.meddleAway(Rules.key(2));
        server.meddle(Rules.plain(70, 1));
        awaitHeld(server, all);
        signal.await(() -> fleet.metrics().drift() == 3, fleet::metrics);
    }

    @Test
    void nothingIsRemovedBeforeSomethingIsWanted() throws Exception {
        FakeLoadBalancer server = server(Kind.GATUN);
        server.meddle(Rules.plain(60, 1));
        fleet(ROLES);
        awaitStates(server, Map.of("llb-inst0", "MASTER"));
        assertEquals(
                Map.of(Rules.key(60), Rules.plain(60, 1)).keySet(),
                server.rules().keySet());
        assertEquals(new RuleState(0, 1, 1, ""), fleet.state(Rules.key(60)));
        fleet.want(Map.of());
        awaitState(Rules.key(60), new RuleState(0, 1, 0, ""));
        awaitHeld(server, Map.of());
    }

    @Test
    void rulesOfAnotherZoneAreLeftAlone() throws Exception {
        FakeLoadBalancer server = server(Kind.GATUN);
        server.meddle(Rules.plain(60, 1));
        fleet(new FleetOptions("", "west", 1, List.of(), false, false));
        fleet.want(Rules.map());
        signal.await(() -> count(server, "GET /netlox/v1/config/loadbalancer/all") >= 2, server::requests);
        assertEquals(List.of(), changes(server));
    }

    /** One is down, one hangs, one answers 500, one is slow: the fifth has all at once, and they when they can. */
    @Test
    void nobodyWaitsForAnother() throws Exception {
        FakeLoadBalancer down = server(Kind.GATUN);
        FakeLoadBalancer hung = server(Kind.GATUN);
        FakeLoadBalancer broken = server(Kind.LOXILB);
        FakeLoadBalancer slow = server(Kind.GATUN);
        FakeLoadBalancer well = server(Kind.GATUN);
        down.down();
        hung.hang(true);
        broken.breakDown(true);
        slow.slow(150);
        Map<RuleKey, Rule> rules = Rules.plain(40);
        fleet(ROLES);
        fleet.want(rules);
        awaitHeld(well, rules);
        assertFalse(hung.has(rules) || down.has(rules) || broken.has(rules) || slow.has(rules));
        down.up();
        hung.hang(false);
        broken.breakDown(false);
        slow.slow(0);
        for (FakeLoadBalancer server : servers) {
            awaitHeld(server, rules);
        }
        awaitState(Rules.key(3), new RuleState(5, 5, 0, ""));
    }

    @Test
    void aServiceDeletedWhileOneIsDownIsGoneThereToo() throws Exception {
        FakeLoadBalancer a = server(Kind.LOXILB);
        FakeLoadBalancer b = server(Kind.LOXILB);
        fleet(ROLES);
        fleet.want(Rules.plain(3));
        awaitState(Rules.key(2), new RuleState(2, 2, 0, ""));
        b.down();
        awaitState(Rules.key(2), new RuleState(1, 2, 1, ""));
        fleet.want(Rules.plain(2));
        awaitHeld(a, Rules.plain(2));
        awaitState(Rules.key(2), new RuleState(0, 2, 1, ""));
        b.up();
        awaitState(Rules.key(2), new RuleState(0, 2, 0, ""));
        awaitHeld(b, Rules.plain(2));
    }

    /** {@code prefLocalPod}: one that is an endpoint itself has no other; the others have all. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneThatIsAnEndpointKeepsConnectionsToItself(Kind kind) throws Exception {
        FakeLoadBalancer server = server(kind);
        fleet(NO_ROLES);
        RuleEndpoint here = new RuleEndpoint("127.0.0.1", 30_000, 1);
        fleet.want(Rules.map(local(List.of(here, ENDPOINT))));
        awaitHeld(server, Rules.map(Rules.with(1, List.of(here), List.of(), 1, 1800)));
        awaitState(Rules.key(1), new RuleState(1, 1, 0, ""));
        server.forgetRequests();
        signal.await(() -> count(server, "GET /netlox/v1/config/loadbalancer/all") >= 3, server::requests);
        assertEquals(List.of(), changes(server));
        // It ends, or is none: then all of them.
        for (List<RuleEndpoint> all : List.of(List.of(here.target(), ENDPOINT), List.of(OTHER, ENDPOINT))) {
            fleet.want(Rules.map(local(all)));
            awaitHeld(server, Rules.map(Rules.with(1, all, List.of(), 1, 1800)));
        }
        awaitState(Rules.key(1), new RuleState(1, 1, 0, ""));
    }

    private static Rule local(List<RuleEndpoint> endpoints) {
        Rule rule = Rules.with(1, endpoints, List.of(), 1, 1800);
        return new Rule(
                rule.key(),
                rule.name(),
                rule.mode(),
                rule.select(),
                rule.inactiveTimeoutSeconds(),
                rule.monitor(),
                rule.probe(),
                rule.proxyProtocol(),
                rule.privateAddress(),
                rule.secondaryAddresses(),
                rule.allowedSources(),
                rule.endpoints(),
                List.of(),
                true);
    }

    /** Nothing waits for it for ever; whenever it comes back, even to another controller, what is stale there goes. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneThatDoesNotAnswerForLongIsLostUntilItComesBack(Kind kind) throws Exception {
        FakeLoadBalancer a = server(kind);
        FakeLoadBalancer b = server(kind);
        Pace pace = pace(Duration.ofMillis(30), Duration.ofSeconds(1), Duration.ofMillis(150), Duration.ofMillis(300));
        fleet(NO_ROLES, pace);
        fleet.want(Rules.plain(3));
        awaitState(Rules.key(2), new RuleState(2, 2, 0, ""));
        b.down();
        fleet.want(Rules.plain(2));
        awaitState(Rules.key(2), new RuleState(0, 2, 1, 1, ""));
        fleet.close();
        fleet(NO_ROLES, pace);
        fleet.want(Rules.plain(1));
        awaitState(Rules.key(2), new RuleState(0, 2, 1, 1, ""));
        assertEquals(3, b.rules().size());
        b.up();
        awaitHeld(a, Rules.plain(1));
        awaitHeld(b, Rules.plain(1));
        awaitState(Rules.key(2), new RuleState(0, 2, 0, ""));
    }

    @Test
    void oneThatReturnsEmptyIsToldItsRoleFirst() throws Exception {
        FakeLoadBalancer a = server(Kind.LOXILB);
        FakeLoadBalancer b = server(Kind.LOXILB);
        fleet(ROLES);
        fleet.want(Rules.plain(5));
        awaitHeld(a, Rules.plain(5));
        awaitHeld(b, Rules.plain(5));
        awaitStates(a, Map.of("llb-inst0", "MASTER"));
        awaitStates(b, Map.of("llb-inst0", "BACKUP"));
        a.down();
        awaitStates(b, Map.of("llb-inst0", "MASTER"));
        a.loseEverything();
        a.forgetRequests();
        a.up();
        awaitHeld(a, Rules.plain(5));
        awaitStates(a, Map.of("llb-inst0", "BACKUP"));
        assertEquals("POST /netlox/v1/config/cistate", changes(a).getFirst());
        assertEquals(Map.of("llb-inst0", "MASTER"), b.states());
        assertEquals(1, fleet.metrics().deaths());
        assertEquals(Map.of("llb-inst0", b.uri()), fleet.metrics().masters());
    }

    @Test
    void aRestartThatNobodySawIsNoticed() throws Exception {
        FakeLoadBalancer a = server(Kind.LOXILB);
        fleet(ROLES);
        fleet.want(Rules.plain(5));
        awaitHeld(a, Rules.plain(5));
        awaitState(Rules.key(1), new RuleState(1, 1, 0, ""));
        a.forgetRequests();
        a.loseEverything();
        awaitHeld(a, Rules.plain(5));
        assertEquals("POST /netlox/v1/config/cistate", changes(a).getFirst());
        awaitStates(a, Map.of("llb-inst0", "MASTER"));
    }

    @Test
    void theMasterThatThereIsStaysItWhenTheControllerStarts() throws Exception {
        FakeLoadBalancer a = server(Kind.GATUN);
        FakeLoadBalancer b = server(Kind.GATUN);
        a.state("llb-inst0", "BACKUP");
        b.state("llb-inst0", "MASTER");
        fleet(ROLES);
        fleet.want(Rules.plain(1));
        awaitHeld(a, Rules.plain(1));
        awaitHeld(b, Rules.plain(1));
        assertEquals(Map.of("llb-inst0", b.uri()), fleet.metrics().masters());
        assertEquals(Map.of("llb-inst0", "MASTER"), b.states());
        assertEquals(Map.of("llb-inst0", "BACKUP"), a.states());
    }

    /** Cut off from all, the controller knows nothing; what the load balancers settled in the meantime stays. */
    @Test
    void aControllerThatWasCutOffMovesNothing() throws Exception {
        FakeLoadBalancer a = server(Kind.GATUN);
        FakeLoadBalancer b = server(Kind.GATUN);
        fleet(ROLES);
        awaitStates(a, Map.of("llb-inst0", "MASTER"));
        awaitStates(b, Map.of("llb-inst0", "BACKUP"));
        a.down();
        b.down();
        signal.await(() -> fleet.metrics().alive() == 0, fleet::metrics);
        long before = fleet.metrics().roleChanges();
        b.up();
        a.up();
        signal.await(() -> fleet.metrics().alive() == 2, fleet::metrics);
        fleet.want(Rules.plain(1));
        awaitHeld(a, Rules.plain(1));
        awaitHeld(b, Rules.plain(1));
        assertTrue(fleet.metrics().roleChanges() <= before + 1, fleet.metrics().toString());
        assertEquals(
                1,
                Stream.of(a, b)
                        .filter(server -> server.states().containsValue("MASTER"))
                        .count());
    }

    /** A protocol of their own may have given the role to another, and it stays there. */
    @Test
    void whatTheLoadBalancersSettledIsAdopted() throws Exception {
        FakeLoadBalancer a = server(Kind.GATUN);
        FakeLoadBalancer b = server(Kind.GATUN);
        fleet(ROLES);
        fleet.want(Rules.plain(1));
        awaitStates(a, Map.of("llb-inst0", "MASTER"));
        awaitStates(b, Map.of("llb-inst0", "BACKUP"));
        a.state("llb-inst0", "BACKUP");
        b.state("llb-inst0", "MASTER");
        signal.await(() -> fleet.metrics().masters().equals(Map.of("llb-inst0", b.uri())), fleet::metrics);
        awaitStates(a, Map.of("llb-inst0", "BACKUP"));
        awaitStates(b, Map.of("llb-inst0", "MASTER"));
    }

    @Test
    void zonesInstancesAndExcludedOnes() throws Exception {
        FakeLoadBalancer a = server(Kind.GATUN);
        fleet(new FleetOptions("10.0.0.9", "west", 2, List.of(), true, false));
        awaitStates(a, Map.of("llb-inst0", "MASTER", "west-inst0", "MASTER", "west-inst1", "MASTER"));
        fleet.close();
        fleet(new FleetOptions("10.0.0.9", "west", 2, List.of("127.0.0.1"), true, false));
        awaitStates(a, Map.of("llb-inst0", "BACKUP", "west-inst0", "BACKUP", "west-inst1", "BACKUP"));
        assertEquals(Map.of(), fleet.metrics().masters());
    }

    @Test
    void oneThatLeavesIsMasterNoMore() throws Exception {
        FakeLoadBalancer a = server(Kind.GATUN);
        FakeLoadBalancer b = server(Kind.GATUN);
        fleet(ROLES);
        fleet.want(Rules.plain(1));
        awaitStates(a, Map.of("llb-inst0", "MASTER"));
        awaitHeld(b, Rules.plain(1));
        fleet.members(List.of(b.uri()));
        awaitStates(a, Map.of("llb-inst0", "BACKUP"));
        awaitStates(b, Map.of("llb-inst0", "MASTER"));
        awaitState(Rules.key(0), new RuleState(1, 1, 0, ""));
    }

    /** A rule that is refused is told, is tried again with pauses, and holds up no other. */
    @Test
    void aRefusedRuleHoldsUpNoOther() throws Exception {
        FakeLoadBalancer server = server(Kind.GATUN);
        Set<RuleKey> told = ConcurrentHashMap.newKeySet();
        fleet(NO_ROLES);
        fleet.onChange(keys -> {
            told.addAll(keys);
            signal.raise();
        });
        Rule proxy = Rules.with(1, List.of(ENDPOINT), List.of(), 4, 0);
        fleet.want(Rules.map(proxy, Rules.plain(2, 1)));
        awaitHeld(server, Rules.map(Rules.plain(2, 1)));
        URI uri = server.uri();
        awaitState(
                proxy.key(),
                new RuleState(0, 1, 0, uri.getAuthority() + ": status 400, service-args error: mode=4, give another"));
        server.forgetRequests();
        signal.await(() -> count(server, "POST") >= 3, server::requests);
        fleet.want(Rules.map(Rules.plain(1, 1), Rules.plain(2, 1)));
        awaitState(proxy.key(), new RuleState(1, 1, 0, ""));
        assertTrue(told.containsAll(List.of(Rules.key(1), Rules.key(2))), told.toString());
    }

    @Test
    void requestsAreFewWhileNothingHappens() throws Exception {
        FakeLoadBalancer server = server(Kind.GATUN);
        fleet(ROLES, pace(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofMinutes(1)));
        fleet.want(Rules.plain(200));
        signal.await(() -> server.has(Rules.plain(200)), server::requests);
        awaitState(Rules.key(199), new RuleState(1, 1, 0, ""));
        // One POST for each, the role, who is master, what is there (the version is not below config).
        assertEquals(200, count(server, "POST /netlox/v1/config/loadbalancer"));
        assertTrue(
                server.requests().size() <= 200 + 1 + 2 + 1, server.requests().toString());
    }
}
