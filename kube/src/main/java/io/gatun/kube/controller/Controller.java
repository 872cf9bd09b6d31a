package io.gatun.kube.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.gatun.kube.desired.Options;
import io.gatun.kube.metrics.Measure;
import io.gatun.kube.model.LoadBalancers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the lease, acts while it has it, and waits again when it lost it. */
public final class Controller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    /** Before it asks for a lease again that it lost or could not have: nothing tells when it can. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Options options;
    private final Members members;
    private final boolean hostNames;
    private final Lease lease;
    private final Supplier<? extends LoadBalancers> loadBalancers;
    private final Counts counts = new Counts();
    private final ExecutorService electing = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("lease-", 0).factory());
    private final Thread thread = Thread.ofPlatform().name("lease").unstarted(this::run);
    private volatile Term term;
    private volatile boolean closed;

    /**
     * A controller that is not started.
     *
     * @param client closed by whoever made it
     * @param hostNames whether a status has names instead of addresses
     * @param loadBalancers makes those of one term, which closes them
     */
    public Controller(
            KubernetesClient client,
            Options options,
            Members members,
            boolean hostNames,
            Lease lease,
            Supplier<? extends LoadBalancers> loadBalancers) {
        this.client = client;
        this.options = options;
        this.members = members;
        this.hostNames = hostNames;
        this.lease = lease;
        this.loadBalancers = loadBalancers;
    }

    /** Starts its threads. */
    public void start() {
        if (lease.wanted()) {
            thread.start();
        } else {
            begin();
        }
    }

    /** Whether it waits for the lease, or has told the load balancers what is wanted. */
    public boolean ready() {
        Term now = term;
        return !closed && (now == null ? thread.isAlive() : now.concluded());
    }

    /** Whether its threads go round. */
    public boolean alive() {
        Term now = term;
        return !closed && (!lease.wanted() || thread.isAlive()) && (now == null || now.alive());
    }

    /** Whether this process is in charge. */
    public boolean inCharge() {
        return term != null;
    }

    /** What to measure. */
    public List<Measure> measures() {
        Term now = term;
        Figures figures = now == null ? Figures.NONE : now.figures();
        return Measures.of(now != null, now != null && now.watching(), figures, counts);
    }

    private synchronized void begin() {
        if (!closed && term == null) {
            LOG.info("in charge as {}", lease.identity());
            counts.terms.increment();
            Term next = new Term(client, options, members, hostNames, loadBalancers.get(), counts);
            term = next;
            next.start();
        }
    }

    private synchronized void end() {
        Term last = term;
        term = null;
        if (last != null) {
            last.close();
        }
    }

    private void run() {
        while (!closed) {
            CompletableFuture<?> election = null;
            try {
                election = elector().start();
                election.get();
            } catch (ExecutionException e) {
                LOG.warn("the lease could not be had, it is tried again: {}", String.valueOf(e.getCause()));
            } catch (InterruptedException e) {
                // Closed; the lease is given back, so that another needs not wait for its end.
                election.cancel(true);
                return;
            }
            end();
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LeaderElector elector() {
        LeaseLock lock = new LeaseLock(lease.namespace(), lease.name(), lease.identity());
        LeaderCallbacks callbacks = new LeaderCallbacks(
                this::begin, this::end, leader -> LOG.info("{} has the lease", leader == null ? "nobody" : leader));
        return new LeaderElector(
                client,
                new LeaderElectionConfigBuilder()
                        .withName(lease.name())
                        .withLock(lock)
                        .withLeaseDuration(lease.length())
                        .withRenewDeadline(lease.renew())
                        .withRetryPeriod(lease.retry())
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(callbacks)
                        .build(),
                electing);
    }

    @Override
    public void close() {
        closed = true;
        end();
        thread.interrupt();
        try {
            if (thread.isAlive()) {
                thread.join(Duration.ofSeconds(5));
            }
            electing.shutdown();
            electing.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
