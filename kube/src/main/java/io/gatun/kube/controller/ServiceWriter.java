package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ServiceResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.gatun.kube.desired.Kube;
import io.gatun.kube.model.Backoff;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes on Services, on each by one thread at a time, and not again before the watch has shown what was written. What
 * fails is not repeated here: it wakes the reconciler after a pause that grows, which decides anew.
 */
final class ServiceWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceWriter.class);
    private static final PatchContext JSON = PatchContext.of(PatchType.JSON);
    private static final int THREADS = 8;
    /** A watch that shows nothing for that long has a problem of its own. */
    private static final long UNSEEN_NS = Duration.ofSeconds(10).toNanos();

    private final KubernetesClient client;
    private final Wake wake;
    private final Backoff backoff;
    private final Counts counts;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofVirtual().name("writer-", 0).factory());
    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

    /**
     * How it went last.
     *
     * @param busy whether it is going on
     * @param older versions that there were before what was written last
     * @param failures in a row
     * @param pauseUntilNs no earlier than then
     */
    private record Attempt(boolean busy, Set<String> older, int failures, long pauseUntilNs) {
        static final Attempt NONE = new Attempt(false, Set.of(), 0, System.nanoTime());
    }

    ServiceWriter(KubernetesClient client, Wake wake, Backoff backoff, Counts counts) {
        this.client = client;
        this.wake = wake;
        this.backoff = backoff;
        this.counts = counts;
    }

    /** Writes, unless that is under way, was done, or is to wait. */
    void offer(Change change) {
        String key = Kube.key(change.service()) + "/"
                + change.service().getMetadata().getUid();
        Attempt last = attempts.getOrDefault(key, Attempt.NONE);
        long nowNs = System.nanoTime();
        boolean early = last.pauseUntilNs() - nowNs > 0;
        if (last.busy() || (early && (last.failures() > 0 || last.older().contains(change.version())))) {
            return;
        }
        attempts.put(key, new Attempt(true, Set.of(), last.failures(), nowNs));
        try {
            threads.execute(() -> attempt(key, change, last.failures()));
        } catch (RejectedExecutionException e) {
            attempts.remove(key);
        }
    }

    /** Forgets Services that are no longer there. */
    void retain(Set<String> keys) {
        attempts.entrySet()
                .removeIf(entry -> !entry.getValue().busy()
                        && !keys.contains(
                                entry.getKey().substring(0, entry.getKey().lastIndexOf('/'))));
    }

    private void attempt(String key, Change change, int failures) {
        try {
            Set<String> older = write(change);
            counts.written.increment();
            attempts.put(key, new Attempt(false, older, 0, System.nanoTime() + UNSEEN_NS));
            wake.after(UNSEEN_NS);
        } catch (RuntimeException e) {
            failed(key, change, failures + 1, e);
        }
        wake.now();
    }

    private void failed(String key, Change change, int failures, RuntimeException e) {
        int code = e instanceof KubernetesClientException refusal ? refusal.getCode() : 0;
        long delayNs = backoff.delayNs(failures);
        attempts.put(key, new Attempt(false, Set.of(), failures, System.nanoTime() + delayNs));
        wake.after(delayNs);
        if (code == HttpURLConnection.HTTP_CONFLICT) {
            counts.conflicts.increment();
            LOG.debug("Service {} was changed meanwhile, it is looked at again", Kube.key(change.service()));
        } else if (code != HttpURLConnection.HTTP_NOT_FOUND) {
            counts.failed.increment();
            LOG.warn(
                    "Service {} could not be written, it is tried again in {} ms: {}",
                    Kube.key(change.service()),
                    delayNs / 1_000_000,
                    String.valueOf(e.getMessage()));
        }
    }

    /** Gives the versions that are over by then; the watch may still show them for a while. */
    private Set<String> write(Change change) {
        ServiceResource<Service> resource = client.services()
                .inNamespace(change.service().getMetadata().getNamespace())
                .withName(change.service().getMetadata().getName());
        Set<String> older = new HashSet<>();
        String version = change.version();
        if (change.statusFirst() && !change.status().isEmpty()) {
            older.add(version);
            version = patchStatus(resource, change.status(), change.version(), version);
        }
        if (!change.metadata().isEmpty()) {
            older.add(version);
            version =
                    version(resource.patch(JSON, Patches.moved(change.metadata(), change.version(), version)), version);
        }
        if (!change.statusFirst() && !change.status().isEmpty()) {
            older.add(version);
            patchStatus(resource, change.status(), change.version(), version);
        }
        return older;
    }

    private static String patchStatus(ServiceResource<Service> resource, String patch, String from, String version) {
        return version(resource.subresource("status").patch(JSON, Patches.moved(patch, from, version)), version);
    }

    private static String version(Service written, String otherwise) {
        return written == null ? otherwise : written.getMetadata().getResourceVersion();
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
