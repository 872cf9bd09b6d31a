package io.gatun.ha.health;

import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.EndpointSignals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches endpoints and tells the forwarder which of them may have new flows. All states are of one thread, which others
 * reach by a queue.
 */
public final class HealthMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    /** Questions under way at a time. */
    private static final int QUESTIONS_MAX = 256;

    private static final long PATIENCE_S = 10;
    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);

    private final Prober prober;
    private final Consumer<List<EndpointHealth>> forwarder;
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final Semaphore questions = new Semaphore(QUESTIONS_MAX);
    private final Map<ProbeTarget, Probe> probes = new LinkedHashMap<>();
    private final Ejections ejections = new Ejections();
    private final Supplier<List<EndpointSignals>> signals;
    private final Set<HealthPlan.Place> toldFailing = new HashSet<>();
    private final Thread thread;
    private HealthPlan plan = HealthPlan.EMPTY;
    private boolean due;
    private volatile boolean closed;

    /**
     * Starts to watch nothing.
     *
     * @param prober asks; it is not closed with this
     * @param forwarder told what changes, from the monitor's thread
     * @param signals what packets say of endpoints; asked every second, from the monitor's thread
     */
    public HealthMonitor(
            Prober prober, Consumer<List<EndpointHealth>> forwarder, Supplier<List<EndpointSignals>> signals) {
        this.prober = prober;
        this.forwarder = forwarder;
        this.signals = signals;
        this.thread = Thread.ofPlatform().daemon().name("gatun-health").start(this::run);
    }

    /** Watches this from now on and nothing else. What is asked already goes on and keeps its state. */
    public void follow(HealthPlan wanted) {
        events.add(() -> onPlan(wanted));
    }

    /** What is asked, and what was found. */
    public List<ProbeSnapshot> probes() {
        return ask(() -> probes.values().stream().map(Probe::snapshot).toList(), List.of());
    }

    /** Who is out because of what its packets say. */
    public Set<HealthPlan.Place> ejected() {
        return ask(ejections::out, Set.of());
    }

    @Override
    public void close() {
        events.add(() -> closed = true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the monitor's thread look something up. */
    private <T> T ask(Supplier<T> question, T afterwards) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        events.add(() -> answer.complete(question.get()));
        return answer.completeOnTimeout(afterwards, closed ? 0 : PATIENCE_S, TimeUnit.SECONDS)
                .join();
    }

    private void run() {
        long nextTickNs = System.nanoTime() + TICK_NS;
        while (!closed) {
            try {
                Runnable event = events.poll(nextTickNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (event != null) {
                    event.run();
                }
                if (System.nanoTime() - nextTickNs >= 0) {
                    nextTickNs = System.nanoTime() + TICK_NS;
                    listen();
                }
                if (due) {
                    tell();
                }
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                LOG.error("health of endpoints is behind, tried again within a second", e);
            }
        }
        closed = true;
        probes.values().forEach(Probe::stop);
        events.forEach(Runnable::run); // whoever waits for an answer gets it
    }

    private void onPlan(HealthPlan wanted) {
        plan = wanted;
        due = true;
        Map<ProbeTarget, ProbePace> paces = paces(wanted);
        probes.entrySet().removeIf(entry -> {
            boolean over = !paces.containsKey(entry.getKey());
            if (over) {
                entry.getValue().stop();
            }
            return over;
        });
        paces.forEach((target, pace) -> {
            Probe known = probes.get(target);
            if (known == null) {
                Probe probe = new Probe(target, pace, System.nanoTime());
                probes.put(target, probe);
                if (target.type() != ProbeType.NONE && !closed) {
                    probe.start(() -> ask(probe));
                }
            } else {
                known.follow(pace);
            }
        });
    }

    /** Endpoints that ask the same get the pace of the fastest, unless the plan names one for the question. */
    private static Map<ProbeTarget, ProbePace> paces(HealthPlan plan) {
        Map<ProbeTarget, ProbePace> paces = new LinkedHashMap<>();
        for (HealthPlan.Endpoint endpoint : plan.endpoints()) {
            paces.merge(endpoint.probe().target(), endpoint.probe().pace(), ProbePace::fastest);
        }
        plan.probes().forEach(probe -> paces.put(probe.target(), probe.pace()));
        return paces;
    }

    private void onOutcome(Probe probe, Outcome outcome) {
        if (probes.get(probe.target()) != probe) {
            return; // an answer to a question that nobody asks any longer
        }
        long nowNs = System.nanoTime();
        if (probe.on(outcome, nowNs)) {
            due = true;
            ProbeEvent.commit(probe, nowNs);
            if (probe.up()) {
                LOG.info("{} is up again after {} ms", text(probe.target()), probe.downMs(nowNs));
            } else {
                LOG.warn("{} is down: {}", text(probe.target()), probe.reason());
            }
        }
    }

    /** What packets have said since the last second. */
    private void listen() {
        if (!plan.endpoints().isEmpty()) {
            Set<HealthPlan.Place> before = ejections.out();
            if (ejections.on(signals.get(), plan.endpoints(), this::couldBeUsed, System.nanoTime())) {
                due = true;
                log(before, ejections.out());
            }
        }
    }

    private static void log(Set<HealthPlan.Place> before, Set<HealthPlan.Place> after) {
        for (HealthPlan.Place place : after) {
            if (!before.contains(place)) {
                LOG.warn(
                        "endpoint {} port {} of {} is out: it answers no connections",
                        place.address().getHostAddress(),
                        place.port(),
                        place.service());
            }
        }
        for (HealthPlan.Place place : before) {
            if (!after.contains(place)) {
                LOG.info(
                        "endpoint {} port {} of {} gets another chance",
                        place.address().getHostAddress(),
                        place.port(),
                        place.service());
            }
        }
    }

    private boolean couldBeUsed(HealthPlan.Endpoint endpoint) {
        return endpoint.weighted()
                && !endpoint.forcedDown()
                && probes.get(endpoint.probe().target()).up();
    }

    /** The difference between what the forwarder knows and what it shall know. */
    private void tell() {
        Set<HealthPlan.Place> failing = new HashSet<>();
        for (HealthPlan.Endpoint endpoint : plan.endpoints()) {
            Probe probe = probes.get(endpoint.probe().target());
            if (endpoint.forcedDown() || !probe.up() || ejections.isOut(endpoint.place())) {
                failing.add(endpoint.place());
            }
        }
        List<EndpointHealth> changes = new ArrayList<>();
        toldFailing.stream()
                .filter(place -> !failing.contains(place))
                .forEach(place -> changes.add(health(place, true)));
        failing.stream()
                .filter(place -> !toldFailing.contains(place))
                .forEach(place -> changes.add(health(place, false)));
        if (!changes.isEmpty()) {
            forwarder.accept(changes);
        }
        toldFailing.clear();
        toldFailing.addAll(failing);
        due = false;
    }

    private static EndpointHealth health(HealthPlan.Place place, boolean healthy) {
        return new EndpointHealth(place.service(), place.address(), place.port(), healthy);
    }

    private static String text(ProbeTarget target) {
        return "endpoint " + target.address().getHostAddress() + " by "
                + target.type().text() + (target.port() == 0 ? "" : " " + target.port());
    }

    /** The life of a probe's thread. */
    private void ask(Probe probe) {
        try {
            while (true) {
                questions.acquire();
                long askedNs = System.nanoTime();
                Outcome outcome;
                try {
                    outcome = once(probe);
                } finally {
                    questions.release();
                }
                events.add(() -> onOutcome(probe, outcome));
                probe.awaitNext(askedNs);
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is asked no longer", probe.target());
        }
    }

    private Outcome once(Probe probe) throws InterruptedException {
        try {
            return prober.probe(probe.target(), probe.timeoutMs());
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
            return Outcome.down(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.error("{} cannot be asked", probe.target(), e);
            }
            return Outcome.down(e.toString());
        }
    }
}
