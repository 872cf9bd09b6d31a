package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.lb.FakeLoadBalancer.Kind;
import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code --appendEPs}: two controllers, east and west, give endpoints to the same rule. */
class SharedRulesTest {
    private static final Pace QUICK =
            FleetTest.pace(Duration.ofMillis(30), Duration.ofSeconds(1), Duration.ofMillis(100));
    private static final RuleKey KEY = Rules.key(1);
    private static final RuleState HELD = new RuleState(1, 1, 0, "");
    private static final RuleState GONE = new RuleState(0, 1, 0, "");

    private final Signal signal = new Signal();
    private final List<Fleet> fleets = new ArrayList<>();
    private FakeLoadBalancer server;

    @AfterEach
    void close() {
        fleets.forEach(Fleet::close);
        server.close();
    }

    private Fleet fleet(String zone) {
        Fleet fleet = new Fleet(new FleetOptions("", zone, 1, List.of(), false, true), name -> null, QUICK);
        fleets.add(fleet);
        fleet.onChange(keys -> signal.raise());
        fleet.members(List.of(server.uri()));
        return fleet;
    }

    private static List<RuleEndpoint> endpoints(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> new RuleEndpoint("192.168.81." + number, 30_001, 1))
                .toList();
    }

    private static Map<RuleKey, Rule> rule(List<RuleEndpoint> endpoints, List<RuleEndpoint> absent) {
        return rule(endpoints, absent, 1);
    }

    private static Map<RuleKey, Rule> rule(List<RuleEndpoint> endpoints, List<RuleEndpoint> absent, int mode) {
        Rule plain = Rules.with(1, endpoints, List.of(), mode, 1800);
        return Rules.map(plain.with(plain.name(), endpoints, absent));
    }

    private Set<RuleEndpoint> there() {
        Rule rule = server.rules().get(KEY);
        return rule == null ? Set.of() : Set.copyOf(rule.endpoints());
    }

    private void awaitThere(int... numbers) throws InterruptedException {
        signal.await(() -> there().equals(Set.copyOf(endpoints(numbers))), () -> there() + " " + server.requests());
    }

    private void awaitState(Fleet fleet, RuleState state) throws InterruptedException {
        signal.await(() -> fleet.state(KEY).equals(state), () -> fleet.state(KEY) + " and not " + state);
    }

    private void awaitComparisons(int more) throws InterruptedException {
        long before = comparisons();
        signal.await(() -> comparisons() >= before + more, server::requests);
    }

    private long comparisons() {
        return server.requests().stream()
                .filter(request -> request.startsWith("GET"))
                .count();
    }

    private List<String> changes() {
        return server.requests().stream()
                .filter(request -> !request.startsWith("GET"))
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachAttachesAndDetachesItsOwnAndTheRuleGoesWithTheLast(Kind kind) throws Exception {
        server = new FakeLoadBalancer(kind, signal);
        Fleet east = fleet("east");
        Fleet west = fleet("west");
        east.want(rule(endpoints(1, 2), List.of()));
        west.want(rule(endpoints(11), List.of()));
        awaitThere(1, 2, 11);
        awaitState(east, HELD);
        awaitState(west, HELD);

        east.want(rule(endpoints(2, 3), endpoints(1)));
        awaitThere(2, 3, 11);
        west.want(rule(endpoints(12, 13), endpoints(11)));
        awaitThere(2, 3, 12, 13);
        awaitState(east, HELD);
        awaitState(west, HELD);

        server.forgetRequests();
        awaitComparisons(6);
        assertEquals(List.of(), changes(), "what others have there is no difference");

        east.want(rule(List.of(), endpoints(1, 2, 3)));
        awaitThere(12, 13);
        awaitState(east, GONE);
        east.want(Map.of());
        awaitState(east, GONE);
        awaitComparisons(4);
        awaitThere(12, 13);
        west.want(rule(List.of(), endpoints(11, 12, 13)));
        signal.await(() -> server.rules().isEmpty(), server::rules);
        awaitState(west, GONE);
        assertEquals(0, server.replacements());
        assertTrue(
                changes().stream().allMatch(change -> change.startsWith("POST")),
                () -> changes().toString());
    }

    /** What others take away is put back, and what is ours no more is taken away, also by a controller that is new. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void ownEndpointsAreCheckedAndOthersAreNot(Kind kind) throws Exception {
        server = new FakeLoadBalancer(kind, signal);
        server.meddle(Rules.with(1, endpoints(1, 2, 11), List.of(), 1, 1800));
        server.meddle(Rules.plain(60, 1));
        Fleet east = fleet("llb");
        east.want(rule(endpoints(2, 3), endpoints(1)));
        awaitThere(2, 3, 11);
        awaitState(east, HELD);
        server.meddle(Rules.with(1, endpoints(11), List.of(), 1, 1800));
        awaitThere(2, 3, 11);
        server.meddleAway(KEY);
        awaitThere(2, 3);
        signal.await(() -> east.metrics().drift() == 2, east::metrics);
        assertTrue(server.rules().containsKey(Rules.key(60)), "it may be another controller's");
        assertEquals(0, server.replacements());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anotherFormIsGivenOnlyToARuleThatIsAllOurs(Kind kind) throws Exception {
        server = new FakeLoadBalancer(kind, signal);
        Fleet east = fleet("east");
        east.want(rule(endpoints(1, 2), List.of(), 1));
        awaitThere(1, 2);
        east.want(rule(endpoints(1, 2), List.of(), 2));
        signal.await(
                () -> server.rules().containsKey(KEY) && server.rules().get(KEY).mode() == 2, server::rules);
        awaitThere(1, 2);

        Fleet west = fleet("west");
        west.want(rule(endpoints(11), List.of(), 0));
        signal.await(
                () -> west.state(KEY).holding() == 1 && west.state(KEY).error().contains("stay until theirs are gone"),
                () -> west.state(KEY));
        awaitThere(1, 2, 11);
        assertEquals(2, server.rules().get(KEY).mode());
        east.want(rule(List.of(), endpoints(1, 2), 2));
        signal.await(
                () -> server.rules().containsKey(KEY) && server.rules().get(KEY).mode() == 0, server::rules);
        awaitThere(11);
        awaitState(west, HELD);
        assertEquals(0, server.replacements());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aWeightChangesAndAFullRuleMakesRoom(Kind kind) throws Exception {
        server = new FakeLoadBalancer(kind, signal);
        server.meddle(Rules.with(1, endpoints(11), List.of(), 1, 1800));
        Fleet east = fleet("east");
        east.want(rule(endpoints(1, 2), List.of()));
        awaitThere(1, 2, 11);
        List<RuleEndpoint> drained = Stream.concat(
                        endpoints(2).stream(), Stream.of(endpoints(1).getFirst().target()))
                .toList();
        east.want(rule(drained, List.of()));
        Set<RuleEndpoint> all =
                Stream.concat(drained.stream(), endpoints(11).stream()).collect(Collectors.toSet());
        signal.await(() -> there().equals(all), server::rules);
        int[] many = IntStream.rangeClosed(101, 131).toArray();
        east.want(rule(endpoints(many), endpoints(1, 2)));
        awaitThere(IntStream.concat(IntStream.of(11), IntStream.of(many)).toArray());
        int[] others = IntStream.rangeClosed(201, 231).toArray();
        east.want(rule(endpoints(others), endpoints(many)));
        awaitThere(IntStream.concat(IntStream.of(11), IntStream.of(others)).toArray());
        awaitState(east, HELD);
    }
}
