package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EjectionsProperties {
    private static final ServiceKey SERVICE = ServiceKey.of(InetAddress.ofLiteral("192.168.80.200"), Protocol.TCP, 80);

    private final Ejections ejections = new Ejections();

    @Property(tries = 200)
    void halfOfThoseThatCouldBeUsedAlwaysAre(@ForAll @IntRange(min = 1, max = 32) int endpoints, @ForAll long seed) {
        Random random = new Random(seed);
        long[] failures = new long[endpoints];
        List<HealthPlan.Endpoint> watched = watched(endpoints);
        for (int second = 0; second < 60; second++) {
            boolean[] usable = new boolean[endpoints];
            int count = 0;
            for (int i = 0; i < endpoints; i++) {
                usable[i] = random.nextInt(4) > 0;
                count += usable[i] ? 1 : 0;
                failures[i] += random.nextInt(10);
            }
            ejections.on(signals(failures), watched, endpoint -> usable[endpoint.port() - 1], second(second));
            int inUse = 0;
            for (int i = 0; i < endpoints; i++) {
                inUse += usable[i] && !ejections.isOut(watched.get(i).place()) ? 1 : 0;
            }
            assertTrue(2 * inUse >= count, inUse + " of " + count);
        }
    }

    @Example
    void theOneThatRefusesIsOutAndTheOthersAreNot() {
        List<HealthPlan.Endpoint> watched = watched(3);
        ejections.on(signals(0, 0, 0), watched, endpoint -> true, second(0));
        assertTrue(ejections.on(signals(5, 0, 0), watched, endpoint -> true, second(1)));
        assertEquals("true false false", out(watched));
        assertTrue(ejections.on(signals(5, 0, 0), watched, endpoint -> true, second(11)));
        assertEquals("false false false", out(watched));
    }

    @Example
    void theOnlyOneIsNeverOut() {
        List<HealthPlan.Endpoint> watched = watched(1);
        ejections.on(signals(0), watched, endpoint -> true, second(0));
        ejections.on(signals(500), watched, endpoint -> true, second(1));
        assertEquals("false", out(watched));
    }

    private String out(List<HealthPlan.Endpoint> watched) {
        return String.join(
                " ",
                watched.stream()
                        .map(endpoint -> Boolean.toString(ejections.isOut(endpoint.place())))
                        .toList());
    }

    private static long second(int number) {
        return TimeUnit.SECONDS.toNanos(number);
    }

    private static List<HealthPlan.Endpoint> watched(int count) {
        List<HealthPlan.Endpoint> watched = new ArrayList<>();
        for (int port = 1; port <= count; port++) {
            ProbeTarget target = new ProbeTarget(SERVICE.vip(), ProbeType.TCP, port, "", "");
            HealthPlan.Probe probe = new HealthPlan.Probe(target, ProbePace.of(0, 0, 0, 0));
            watched.add(new HealthPlan.Endpoint(SERVICE, SERVICE.vip(), port, true, probe, false));
        }
        return watched;
    }

    private static List<EndpointSignals> signals(long... failures) {
        List<EndpointSignals> signals = new ArrayList<>();
        for (int i = 0; i < failures.length; i++) {
            signals.add(new EndpointSignals(SERVICE, SERVICE.vip(), i + 1, failures[i], 0, 0, 0, false));
        }
        return signals;
    }
}
