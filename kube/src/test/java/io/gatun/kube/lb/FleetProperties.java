package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.lb.FakeLoadBalancer.Kind;
import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;

/** Whatever happens to load balancers and to what is wanted of them, in the end each has exactly that. */
class FleetProperties {
    private static final Pace PACE =
            FleetTest.pace(Duration.ofMillis(30), Duration.ofMillis(300), Duration.ofMillis(150));
    private static final int STEPS = 60;
    private static final int KEYS = 12;

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void anyHistoryEndsWithWhatIsWanted(@ForAll @LongRange(max = Long.MAX_VALUE) long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        Signal signal = new Signal();
        List<FakeLoadBalancer> servers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            servers.add(new FakeLoadBalancer(random.nextBoolean() ? Kind.GATUN : Kind.LOXILB, signal));
        }
        FleetOptions options =
                new FleetOptions(random.nextBoolean() ? "0.0.0.0" : "", "llb", 1, List.of(), false, false);
        try (Fleet fleet = new Fleet(options, name -> null, PACE)) {
            fleet.onChange(keys -> signal.raise());
            fleet.members(servers.stream().map(FakeLoadBalancer::uri).toList());
            Map<RuleKey, Rule> wanted = new HashMap<>();
            int changes = 0;
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(3) > 0) {
                    changes += change(random, wanted);
                    fleet.want(wanted);
                } else {
                    changes += happen(random, servers.get(random.nextInt(servers.size())));
                }
                if (random.nextInt(4) == 0) {
                    // Time is part of the history.
                    Thread.sleep(random.nextInt(60));
                }
            }
            for (FakeLoadBalancer server : servers) {
                server.up();
                server.hang(false);
                server.breakDown(false);
                server.slow(0);
            }
            for (FakeLoadBalancer server : servers) {
                signal.await(
                        () -> server.has(wanted),
                        () -> "seed " + seed + ": " + server.kind() + " has " + server.rules() + " and not " + wanted);
            }
            for (int i = 0; i < KEYS; i++) {
                RuleKey key = Rules.key(i);
                RuleState last = new RuleState(wanted.containsKey(key) ? 3 : 0, 3, 0, "");
                signal.await(() -> fleet.state(key).equals(last), () -> "seed " + seed + ": " + fleet.state(key));
            }
            assertBounded(servers, changes, seed);
        } finally {
            servers.forEach(FakeLoadBalancer::close);
        }
    }

    /** Each change, and each time that rules had to be sent again, costs a delete and a post at most, and a few tries. */
    private static void assertBounded(List<FakeLoadBalancer> servers, int changes, long seed) {
        for (FakeLoadBalancer server : servers) {
            long sent = server.requests().stream()
                    .filter(request -> !request.startsWith("GET"))
                    .count();
            assertTrue(sent <= 6L * changes + 400, "seed " + seed + ": " + sent + " for " + changes + " changes");
        }
    }

    private static int change(Random random, Map<RuleKey, Rule> wanted) {
        int number = random.nextInt(KEYS);
        switch (random.nextInt(5)) {
            case 0 -> wanted.remove(Rules.key(number));
            case 1 -> wanted.put(Rules.key(number), Rules.full(number));
            case 2 -> {
                Rule plain = Rules.plain(number, 2);
                wanted.put(
                        plain.key(),
                        Rules.with(
                                number,
                                plain.endpoints(),
                                List.of("10." + random.nextInt(3) + ".0.0/16"),
                                1,
                                60 + random.nextInt(2)));
            }
            default -> wanted.put(Rules.key(number), Rules.plain(number, 1 + random.nextInt(4)));
        }
        return 1;
    }

    /** @return how many rules it may make wrong */
    private static int happen(Random random, FakeLoadBalancer server) {
        switch (random.nextInt(10)) {
            case 0 -> server.down();
            case 1, 2 -> server.up();
            case 3 -> {
                server.loseEverything();
                return KEYS;
            }
            case 4 -> server.hang(true);
            case 5 -> server.hang(false);
            case 6 -> server.breakDown(random.nextBoolean());
            case 7 -> server.slow(random.nextInt(30));
            case 8 -> server.meddle(Rules.plain(random.nextInt(2 * KEYS), 5));
            default -> server.meddleAway(Rules.key(random.nextInt(KEYS)));
        }
        return 1;
    }
}
