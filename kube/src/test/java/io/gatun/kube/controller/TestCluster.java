package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An API server in memory with two doors: one for tests, and one for controllers, which fails when it is told to.
 */
final class TestCluster implements AutoCloseable {
    static final URI LB1 = URI.create("http://192.168.80.9:11111");
    static final URI LB2 = URI.create("http://192.168.80.10:11111");
    static final Members MEMBERS = new Members(List.of(LB1, LB2), "", "", 11_111);
    /** Each request would be a line. Kept, or the level would go with the logger. */
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static {
        REQUESTS.setLevel(Level.WARNING);
    }

    private final KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher();
    private final KubernetesMockServer straight = server(objects, 0);
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private volatile Function<RecordedRequest, Optional<Integer>> faults = request -> Optional.empty();
    private KubernetesMockServer faulty = server(new Door(), 0);
    private final int port = faulty.getPort();
    final KubernetesClient client = client(straight);

    /** Counts requests, and answers some of them with an error. */
    private final class Door extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            requests.computeIfAbsent(request.getMethod(), ignored -> new AtomicInteger())
                    .incrementAndGet();
            return faults.apply(request)
                    .map(code -> new MockResponse()
                            .setResponseCode(code)
                            .setHeader("Content-Type", "application/json")
                            .setBody("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\""
                                    + (code == 410 ? "Expired" : code == 409 ? "Conflict" : "InternalError")
                                    + "\",\"code\":" + code + "}"))
                    .orElseGet(() -> objects.dispatch(request));
        }
    }

    private static KubernetesMockServer server(Dispatcher dispatcher, int port) {
        KubernetesMockServer server =
                new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
        server.init(InetAddress.getLoopbackAddress(), port);
        return server;
    }

    private static KubernetesClient client(KubernetesMockServer server) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://localhost:" + server.getPort())
                        .withNamespace("default")
                        .withRequestRetryBackoffLimit(1)
                        .withRequestTimeout(5_000)
                        .withConnectionTimeout(2_000)
                        .withWatchReconnectInterval(200)
                        .build())
                .build();
    }

    /** A client that goes through the door that fails. */
    KubernetesClient controllersClient() {
        return client(faulty);
    }

    /** With which another process reaches it. */
    String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: lab
                contexts: [{name: lab, context: {cluster: lab, user: lab, namespace: default}}]
                clusters: [{name: lab, cluster: {server: "%s"}}]
                users: [{name: lab, user: {}}]
                """.formatted("http://localhost:" + port);
    }

    /** Answers requests with these codes from now on. */
    void faults(Function<RecordedRequest, Optional<Integer>> next) {
        faults = next;
    }

    /** How many requests controllers made with a method. */
    int requests(String method) {
        AtomicInteger count = requests.get(method);
        return count == null ? 0 : count.get();
    }

    int requests() {
        return requests.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** No controller reaches the API server any more, and all that were connected are cut off. */
    void goAway() {
        faulty.shutdown();
    }

    void comeBack() {
        faulty = server(new Door(), port);
    }

    <T extends HasMetadata> void put(T object) {
        client.resource(object).createOr(existing -> existing.update());
    }

    Service service(String name) {
        return client.services().inNamespace("default").withName(name).get();
    }

    /** The first address or name that its status shows, or empty. */
    String address(String name) {
        Service service = service(name);
        if (service == null
                || service.getStatus() == null
                || service.getStatus().getLoadBalancer() == null
                || service.getStatus().getLoadBalancer().getIngress() == null
                || service.getStatus().getLoadBalancer().getIngress().isEmpty()) {
            return "";
        }
        var first = service.getStatus().getLoadBalancer().getIngress().getFirst();
        return first.getIp() == null ? first.getHostname() : first.getIp();
    }

    List<String> events(String service) {
        return client.v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(service))
                .map(Event::getReason)
                .sorted()
                .toList();
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, PATIENCE, condition);
    }

    /** Looks again and again: what is waited for is in several processes, which have no common event. */
    static void await(String what, Duration most, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > most.toNanos()) {
                throw new AssertionError("not within " + most + ": " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        client.close();
        faulty.shutdown();
        straight.shutdown();
    }
}
