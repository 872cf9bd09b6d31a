package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gatun.kube.desired.Attachments;
import io.gatun.kube.desired.Kube;
import io.gatun.kube.desired.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in the cluster, kept up to date. A watch that breaks or has expired begins again by itself, with growing
 * pauses; until then what was seen last stays.
 */
final class Watches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private static final int FORBIDDEN = 403;

    private final SharedIndexInformer<Service> services;
    private final SharedIndexInformer<EndpointSlice> slices;
    private final SharedIndexInformer<Node> nodes;
    /** Of many objects that change often: only where a Service needs what is written on them. */
    private final SharedIndexInformer<Pod> pods;

    private volatile boolean podsStarted;
    private volatile boolean podsRefused;

    Watches(KubernetesClient client, Runnable changed) {
        services = client.services().inAnyNamespace().runnableInformer(0);
        slices = client.discovery().v1().endpointSlices().inAnyNamespace().runnableInformer(0);
        nodes = client.nodes().runnableInformer(0);
        pods = client.pods().inAnyNamespace().runnableInformer(0);
        services.addEventHandler(new Changes<>(changed));
        slices.addEventHandler(new Changes<>(changed));
        nodes.addEventHandler(new Changes<>(changed));
        pods.addEventHandler(new Changes<>(changed, Watches::isElsewhere));
        all().forEach(informer -> informer.exceptionHandler((started, e) -> failed(informer, e)));
        pods.exceptionHandler((started, e) -> {
            if (isForbidden(e)) {
                podsRefused = true;
                changed.run();
            }
            return failed(pods, e);
        });
    }

    private static boolean isForbidden(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException refused && refused.getCode() == FORBIDDEN) {
                return true;
            }
        }
        return false;
    }

    private static boolean failed(SharedIndexInformer<?> informer, Throwable e) {
        LOG.warn(
                "watching {} failed, it is tried again: {}",
                informer.getApiTypeClass().getSimpleName(),
                String.valueOf(e.getMessage()));
        return true;
    }

    /** Of pods all but their networks is left aside. */
    private static boolean isElsewhere(Pod before, Pod after) {
        String status = Attachments.STATUS;
        return !Objects.equals(
                Kube.annotations(before).get(status), Kube.annotations(after).get(status));
    }

    private record Changes<T extends HasMetadata>(Runnable changed, BiPredicate<T, T> matters)
            implements ResourceEventHandler<T> {
        private Changes(Runnable changed) {
            this(changed, (before, after) -> true);
        }

        @Override
        public void onAdd(T added) {
            changed.run();
        }

        @Override
        public void onUpdate(T before, T after) {
            if (matters.test(before, after)) {
                changed.run();
            }
        }

        @Override
        public void onDelete(T deleted, boolean unknown) {
            changed.run();
        }

        /** An empty list is complete too. */
        @Override
        public void onList(String version, boolean complete) {
            changed.run();
        }
    }

    private List<SharedIndexInformer<?>> all() {
        return List.of(services, slices, nodes);
    }

    void start() {
        all().forEach(SharedIndexInformer::start);
    }

    /** Whether everything that is needed was seen at least once. For one thread. */
    boolean synced() {
        return all().stream().allMatch(SharedIndexInformer::hasSynced) && podsSynced();
    }

    /** Pods that may not be read hold up nothing but the Services that need them. */
    private boolean podsSynced() {
        if (!podsStarted && services.getStore().list().stream().anyMatch(Attachments::wanted)) {
            podsStarted = true;
            pods.start();
        }
        return !podsStarted || podsRefused || pods.hasSynced();
    }

    /** Whether all is up to date, as far as one can know. */
    boolean watching() {
        return all().stream().allMatch(SharedIndexInformer::isWatching) && (!podsStarted || pods.isWatching());
    }

    Snapshot snapshot() {
        return new Snapshot(
                services.getStore().list().stream()
                        .sorted(Comparator.comparing(Kube::key))
                        .toList(),
                slices.getStore().list(),
                nodes.getStore().list(),
                podsStarted ? pods.getStore().list() : List.of());
    }

    @Override
    public void close() {
        all().forEach(SharedIndexInformer::stop);
        if (podsStarted) {
            pods.stop();
        }
    }
}
