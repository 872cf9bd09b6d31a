package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gatun.kube.desired.Kube;
import io.gatun.kube.desired.Snapshot;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in the cluster, kept up to date. A watch that breaks or has expired begins again by itself, with growing
 * pauses; until then what was seen last stays.
 */
final class Watches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private final SharedIndexInformer<Service> services;
    private final SharedIndexInformer<EndpointSlice> slices;
    private final SharedIndexInformer<Node> nodes;

    Watches(KubernetesClient client, Runnable changed) {
        services = client.services().inAnyNamespace().runnableInformer(0);
        slices = client.discovery().v1().endpointSlices().inAnyNamespace().runnableInformer(0);
        nodes = client.nodes().runnableInformer(0);
        services.addEventHandler(new Changes<>(changed));
        slices.addEventHandler(new Changes<>(changed));
        nodes.addEventHandler(new Changes<>(changed));
        all().forEach(informer -> informer.exceptionHandler((started, e) -> {
            LOG.warn(
                    "watching {} failed, it is tried again: {}",
                    informer.getApiTypeClass().getSimpleName(),
                    String.valueOf(e.getMessage()));
            return true;
        }));
    }

    private record Changes<T extends HasMetadata>(Runnable changed) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T added) {
            changed.run();
        }

        @Override
        public void onUpdate(T before, T after) {
            changed.run();
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

    /** Whether everything was seen at least once. */
    boolean synced() {
        return all().stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** Whether all is up to date, as far as one can know. */
    boolean watching() {
        return all().stream().allMatch(SharedIndexInformer::isWatching);
    }

    Snapshot snapshot() {
        return new Snapshot(
                services.getStore().list().stream()
                        .sorted(Comparator.comparing(Kube::key))
                        .toList(),
                slices.getStore().list(),
                nodes.getStore().list());
    }

    @Override
    public void close() {
        all().forEach(SharedIndexInformer::stop);
    }
}
