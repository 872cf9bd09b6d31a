package io.gatun.kube.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gatun.kube.desired.Options;
import io.gatun.kube.model.Backoff;
import io.gatun.kube.model.LoadBalancers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which this process is the one that acts. It begins with what the cluster shows then: nothing is carried
 * over from a term before.
 */
final class Term implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Term.class);
    private static final Backoff WRITING = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

    private final Wake wake = new Wake();
    private final Watches watches;
    private final ServiceWriter writer;
    private final Events events;
    private final LoadBalancers loadBalancers;
    private final Reconciler reconciler;
    private final AtomicBoolean closed = new AtomicBoolean();

    Term(
            KubernetesClient client,
            Options options,
            Members members,
            boolean hostNames,
            LoadBalancers loadBalancers,
            Counts counts) {
        this.loadBalancers = loadBalancers;
        watches = new Watches(client, wake::now);
        writer = new ServiceWriter(client, wake, WRITING, counts);
        events = new Events(client, counts);
        reconciler = new Reconciler(
                watches,
                options,
                members,
                new Patches(options.finalizer(), options.zone(), hostNames),
                loadBalancers,
                writer,
                events,
                wake,
                WRITING,
                counts);
    }

    void start() {
        loadBalancers.onChange(keys -> wake.now());
        reconciler.start();
        watches.start();
    }

    boolean concluded() {
        return reconciler.concluded();
    }

    boolean alive() {
        return reconciler.alive();
    }

    boolean watching() {
        return watches.watching();
    }

    Figures figures() {
        return reconciler.figures();
    }

    /** Ends all that acts. Rules stay on the load balancers. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            reconciler.close();
            watches.close();
            writer.close();
            events.close();
            loadBalancers.close();
            LOG.info("no longer in charge");
        }
    }
}
