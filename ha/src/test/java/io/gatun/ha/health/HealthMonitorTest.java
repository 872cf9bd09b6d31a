package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthMonitorTest {
    private static final long PATIENCE_S = 30;
    private static final InetAddress ONE = InetAddress.ofLiteral("192.168.80.11");
    private static final InetAddress TWO = InetAddress.ofLiteral("192.168.80.12");
    private static final ServiceKey WEB = ServiceKey.of(InetAddress.ofLiteral("192.168.80.200"), Protocol.TCP, 80);
    private static final ServiceKey ALT = ServiceKey.of(InetAddress.ofLiteral("192.168.80.200"), Protocol.TCP, 81);

    private final Set<InetAddress> dead = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<EndpointHealth> told = new LinkedBlockingQueue<>();
    private final HealthMonitor monitor = new HealthMonitor(this::probe, told::addAll, List::of);

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void anEndpointThatFailsIsToldAndToldAgainWhenItIsBack() throws Exception {
        dead.add(ONE);
        monitor.follow(plan(endpoint(WEB, ONE), endpoint(WEB, TWO)));
        assertEquals(new EndpointHealth(WEB, ONE, 8080, false), next());

        dead.clear();
        assertEquals(new EndpointHealth(WEB, ONE, 8080, true), next());
        assertNull(told.poll(), "nothing is said of who is well");
    }

    @Test
    void changesAreRecorded() throws Exception {
        BlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable(ProbeEvent.class);
            stream.onEvent("gatun.ProbeChange", events::add);
            stream.startAsync();
            dead.add(ONE);
            monitor.follow(plan(endpoint(WEB, ONE)));
            next();
            dead.clear();
            next();
            stream.stop();
        }
        RecordedEvent down = events.remove();
        assertEquals("192.168.80.11", down.getString("address"));
        assertFalse(down.getBoolean("up"));
        assertFalse(down.getString("reason").isEmpty());
        assertTrue(events.remove().getBoolean("up"));
        assertTrue(events.isEmpty());
    }

    @Test
    void servicesThatAskTheSameShareAProbeAndBothAreTold() throws Exception {
        dead.add(ONE);
        monitor.follow(plan(endpoint(WEB, ONE), endpoint(ALT, ONE)));

        ServiceKey first = next().service();
        ServiceKey second = next().service();
        assertEquals(Set.of(WEB, ALT), Set.copyOf(List.of(first, second)));
        assertEquals(1, monitor.probes().size());
    }

    @Test
    void aServiceThatComesLaterIsToldWhatIsKnown() throws Exception {
        dead.add(ONE);
        monitor.follow(plan(endpoint(WEB, ONE)));
        next();

        monitor.follow(plan(endpoint(WEB, ONE), endpoint(ALT, ONE)));

        assertEquals(new EndpointHealth(ALT, ONE, 8080, false), next());
    }

    @Test
    void whoIsNoLongerWatchedIsWell() throws Exception {
        dead.add(ONE);
        monitor.follow(plan(endpoint(WEB, ONE)));
        next();

        monitor.follow(HealthPlan.EMPTY);

        assertEquals(new EndpointHealth(WEB, ONE, 8080, true), next());
        assertTrue(monitor.probes().isEmpty());
    }

    @Test
    void whoIsForcedDownIsDownAndGoesOnBeingAsked() throws Exception {
        HealthPlan.Endpoint well = endpoint(WEB, ONE);
        monitor.follow(plan(new HealthPlan.Endpoint(
                well.service(), well.address(), well.port(), well.weighted(), well.probe(), /* forcedDown= */ true)));

        assertEquals(new EndpointHealth(WEB, ONE, 8080, false), next());
        assertTrue(monitor.probes().getFirst().up());
    }

    @Test
    void aRefusalOfTheForwarderIsTriedAgain() throws Exception {
        BlockingQueue<EndpointHealth> arrived = new LinkedBlockingQueue<>();
        boolean[] busy = {true};
        try (HealthMonitor stubborn = new HealthMonitor(
                this::probe,
                changes -> {
                    if (busy[0]) {
                        busy[0] = false;
                        throw new IllegalStateException("too many commands");
                    }
                    arrived.addAll(changes);
                },
                List::of)) {
            dead.add(ONE);
            stubborn.follow(plan(endpoint(WEB, ONE)));
            assertEquals(new EndpointHealth(WEB, ONE, 8080, false), arrived.poll(PATIENCE_S, TimeUnit.SECONDS));
        }
    }

    @Test
    void thePaceIsThatOfTheFastestUnlessThePlanNamesOne() {
        HealthPlan.Probe slow = probe(ONE, ProbePace.of(0, 0, 5, 0));
        HealthPlan.Probe fast = probe(ONE, ProbePace.of(500, 0, 0, 0));
        HealthPlan.Endpoint first = new HealthPlan.Endpoint(WEB, ONE, 8080, true, slow, false);
        HealthPlan.Endpoint second = new HealthPlan.Endpoint(ALT, ONE, 8080, true, fast, false);

        monitor.follow(plan(first, second));
        assertEquals(new ProbePace(500, 500, 2, 1), monitor.probes().getFirst().pace());

        ProbePace named = ProbePace.of(3_000, 200, 7, 2);
        monitor.follow(new HealthPlan(List.of(first, second), List.of(probe(ONE, named))));
        assertEquals(named, monitor.probes().getFirst().pace());
    }

    private Outcome probe(ProbeTarget target, long timeoutMs) {
        return dead.contains(target.address()) ? Outcome.down("dead") : Outcome.up(1_000);
    }

    private EndpointHealth next() throws InterruptedException {
        return told.poll(PATIENCE_S, TimeUnit.SECONDS);
    }

    private static HealthPlan plan(HealthPlan.Endpoint... endpoints) {
        return new HealthPlan(List.of(endpoints), List.of());
    }

    private static HealthPlan.Endpoint endpoint(ServiceKey service, InetAddress address) {
        return new HealthPlan.Endpoint(service, address, 8080, true, probe(address, ProbePace.of(100, 0, 2, 1)), false);
    }

    private static HealthPlan.Probe probe(InetAddress address, ProbePace pace) {
        return new HealthPlan.Probe(new ProbeTarget(address, ProbeType.TCP, 8080, "", ""), pace);
    }
}
