package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.gatun.kube.desired.Kube;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of Services. The same words about the same Service are one Event, whoever says them and how often; within a
 * minute they are said once. What cannot be said is dropped: Services do not wait for it.
 */
final class Events implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final String COMPONENT = "gatun-controller";
    private static final long AGAIN_NS = Duration.ofMinutes(1).toNanos();
    private static final int WAITING_MAX = 2_000;
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final Counts counts;
    /** When something was said, by UID and words. */
    private final Map<String, Map<String, Long>> said = new HashMap<>();

    private final ThreadPoolExecutor thread;

    Events(KubernetesClient client, Counts counts) {
        this.client = client;
        this.counts = counts;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING_MAX),
                Thread.ofVirtual().name("events").factory(),
                (task, executor) -> counts.eventsLost.increment());
    }

    void normal(Service service, String reason, String message) {
        say(service, "Normal", reason, message);
    }

    void warning(Service service, String reason, String message) {
        say(service, "Warning", reason, message);
    }

    /** Forgets Services that are no longer there. */
    void retain(Set<String> uids) {
        said.keySet().retainAll(uids);
    }

    private void say(Service service, String type, String reason, String message) {
        Map<String, Long> before = said.computeIfAbsent(service.getMetadata().getUid(), ignored -> new HashMap<>());
        String words = reason + " " + message;
        long nowNs = System.nanoTime();
        Long last = before.get(words);
        if (last != null && nowNs - last < AGAIN_NS) {
            return;
        }
        before.values().removeIf(atNs -> nowNs - atNs >= AGAIN_NS);
        before.put(words, nowNs);
        LOG.info("Service {}: {}: {}", Kube.key(service), reason, message);
        thread.execute(() -> write(event(service, type, reason, message)));
    }

    private static Event event(Service service, String type, String reason, String message) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String words = service.getMetadata().getUid() + type + reason + message;
        String name = service.getMetadata().getName() + "."
                + UUID.nameUUIDFromBytes(words.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "");
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withName(name)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Service")
                .withNamespace(service.getMetadata().getNamespace())
                .withName(service.getMetadata().getName())
                .withUid(service.getMetadata().getUid())
                .endInvolvedObject()
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withReportingInstance(COMPONENT)
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }

    private void write(Event event) {
        try {
            create(event);
            counts.events.increment();
        } catch (RuntimeException e) {
            counts.eventsLost.increment();
            LOG.debug("an Event could not be written: {}", String.valueOf(e.getMessage()));
        }
    }

    private void create(Event event) {
        var events = client.v1().events().inNamespace(event.getMetadata().getNamespace());
        try {
            events.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            Event before = events.withName(event.getMetadata().getName()).get();
            int count = before == null || before.getCount() == null ? 1 : before.getCount();
            events.withName(event.getMetadata().getName())
                    .patch(
                            MERGE,
                            "{\"count\":" + (count + 1) + ",\"lastTimestamp\":\"" + event.getLastTimestamp() + "\"}");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
