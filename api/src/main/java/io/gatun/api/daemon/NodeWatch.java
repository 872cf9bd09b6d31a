package io.gatun.api.daemon;

import io.gatun.forwarder.control.Forwarder;
import io.gatun.ha.vrrp.Vrrp;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells VRRP, from a thread that forwards nothing, whether this node is well and who its gateways are
 * (docs/adr/0026-takeover-checks.md).
 */
final class NodeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);
    private static final int LOOKS_PER_LIMIT = 10;
    private static final int GATEWAYS_EVERY_S = 60;

    private final Forwarder forwarder;
    private final Vrrp election;
    private final StallJudge judge;
    private final Wellness wellness;
    private final long limitNs;
    private final Supplier<Collection<InetAddress>> gateways;
    private volatile RunOptions.Checks checks;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gatun-watch").factory());
    private Collection<InetAddress> gatewaysFound = List.of();

    private NodeWatch(
            Forwarder forwarder, Vrrp election, RunOptions.Checks checks, Supplier<Collection<InetAddress>> gateways) {
        this.forwarder = forwarder;
        this.election = election;
        this.checks = checks;
        this.gateways = gateways;
        this.limitNs = TimeUnit.MILLISECONDS.toNanos(checks.stallLimitMs());
        this.wellness = new Wellness(limitNs);
        this.judge = new StallJudge(limitNs);
    }

    /** @param gateways read once a minute when they are the witnesses */
    static NodeWatch start(
            Forwarder forwarder, Vrrp election, RunOptions.Checks checks, Supplier<Collection<InetAddress>> gateways) {
        NodeWatch watch = new NodeWatch(forwarder, election, checks, gateways);
        if (watch.limitNs > 0) {
            watch.repeat(watch::look, watch.limitNs / LOOKS_PER_LIMIT, TimeUnit.NANOSECONDS);
        }
        watch.repeat(watch::witnesses, GATEWAYS_EVERY_S, TimeUnit.SECONDS);
        return watch;
    }

    /** Another witness from now on; the other checks stay as they were. */
    void witness(RunOptions.Checks now) {
        if (!thread.isShutdown()) {
            checks = now;
            thread.execute(() -> guarded(this::witnesses));
        }
    }

    private void witnesses() {
        RunOptions.Checks now = checks;
        if (now.gatewayIsWitness()) {
            election.witnesses(last(gateways.get()));
        } else {
            election.witnesses(now.witness().map(List::of).orElse(List.of()));
        }
    }

    /** A gateway that is lost may take its route along: then the one before still counts. */
    private Collection<InetAddress> last(Collection<InetAddress> found) {
        gatewaysFound = found.isEmpty() ? gatewaysFound : found;
        return gatewaysFound;
    }

    private void repeat(Runnable task, long every, TimeUnit unit) {
        var _ = thread.scheduleWithFixedDelay(() -> guarded(task), 0, every, unit);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("the watch over this node goes on after", e);
        }
    }

    /** For what this node has given the VIPs up, until it takes part again. */
    Optional<String> ill() {
        return wellness.ill();
    }

    private void look() {
        wellness.look(stalled(), System.nanoTime()).ifPresent(election::health);
    }

    private Optional<String> stalled() {
        try {
            return judge.judge(forwarder.pulses(), System.nanoTime());
        } catch (IllegalStateException e) { // it had ten seconds
            return thread.isShutdown() ? Optional.empty() : Optional.of("the conductor");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
