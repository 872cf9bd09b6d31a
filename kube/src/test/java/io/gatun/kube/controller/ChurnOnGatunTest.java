package io.gatun.kube.controller;

import static io.gatun.kube.KubeObjects.options;
import static io.gatun.kube.KubeObjects.ready;
import static io.gatun.kube.KubeObjects.service;
import static io.gatun.kube.KubeObjects.slice;
import static io.gatun.kube.controller.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gatun.kube.lb.Fleet;
import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.testkit.GatunProcess;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Services and EndpointSlices, through an API server and a controller, to the rules of two real nodes, and away again.
 * {@code -Dgatun.kube.services}, {@code .changes} and {@code .seed} say how much.
 */
@LabTest
class ChurnOnGatunTest {
    private static final int SERVICES = Integer.getInteger("gatun.kube.services", 30);
    private static final int CHANGES = Integer.getInteger("gatun.kube.changes", 200);
    private static final long SEED = Long.getLong("gatun.kube.seed", 7);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CLIENTS = 4;
    private static final String FIRST = "192.168.80.100";
    /** Services share an address, one of each port. */
    private static final int ADDRESSES = 100;

    @TempDir
    Path directory;

    private final TestCluster cluster = new TestCluster();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<GatunProcess> nodes = new ArrayList<>();
    private final Map<String, List<String>> pods = new TreeMap<>();
    private KubernetesClient client;
    private Fleet fleet;
    private Controller controller;

    @BeforeEach
    void start(Lab lab) {
        for (int i = 0; i < 2; i++) {
            nodes.add(GatunProcess.start(
                    lab.host("lb" + i, "192.168.80." + (5 + i) + "/16"), directory.resolve("n" + i)));
        }
        Members members = new Members(nodes.stream().map(GatunProcess::uri).toList(), "", "", 11_111);
        fleet = new Fleet(new FleetOptions("0.0.0.0", "llb", 1, List.of(), false, false));
        client = cluster.controllersClient();
        controller = new Controller(
                client,
                options(FIRST + "-192.168.80." + (ADDRESSES + 99), true),
                members,
                false,
                Lease.usual(false, "", "", "test"),
                () -> fleet);
        controller.start();
    }

    @AfterEach
    void end() throws IOException {
        controller.close();
        client.close();
        for (GatunProcess node : nodes) {
            node.close();
        }
        http.shutdownNow();
        cluster.close();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void whatIsLastInTheClusterIsOnBothNodesAndNothingIsLeft() {
        Random random = new Random(SEED);
        long startNs = System.nanoTime();
        for (int i = 0; i < SERVICES; i++) {
            create(i, random);
        }
        awaitEqual();
        report("Services created", SERVICES, startNs);

        nodes.forEach(node -> node.door().forgetRequests());
        int patches = cluster.requests("PATCH");
        startNs = System.nanoTime();
        changeAll();
        report("changes made", CHANGES, startNs);
        awaitEqual();
        report("changes on both nodes", CHANGES, startNs);
        assertEquals(patches, cluster.requests("PATCH"), "other endpoints are nothing to write, nor an Event");
        for (GatunProcess node : nodes) {
            long posts = node.door().requests().stream()
                    .filter(request -> !request.startsWith("GET"))
                    .count();
            System.out.println("churn: " + posts + " requests to a node");
            assertTrue(posts <= CHANGES + CHANGES / 10, posts + " requests for " + CHANGES + " changes");
        }

        startNs = System.nanoTime();
        for (String name : pods.keySet()) {
            cluster.client.services().inNamespace("default").withName(name).delete();
            cluster.client.resource(slice(name)).delete();
        }
        pods.clear();
        await(
                "no Service",
                PATIENCE,
                () -> measured("pool_used") == 0 && services().isEmpty());
        awaitEqual();
        report("Services deleted", SERVICES, startNs);
        assertEquals(0, fleet.metrics().drift());
        int requests = cluster.requests();
        System.out.println("churn: " + requests + " requests to the API server");
        // Created: a patch of the Service and one of its status, each read before, and two Events; deleted: a patch.
        assertTrue(requests <= 10 * SERVICES + 50, requests + " requests for " + SERVICES + " Services");

        create(SERVICES, random);
        awaitEqual();
        assertEquals(FIRST, cluster.address(name(SERVICES)));
    }

    private static void report(String what, int count, long startNs) {
        System.out.printf("churn: %d %s, %.1f s%n", count, what, (System.nanoTime() - startNs) / 1e9);
    }

    private static String name(int number) {
        return "s" + number;
    }

    private void create(int number, Random random) {
        String name = name(number);
        pods.put(name, new ArrayList<>(List.of(pod(random))));
        cluster.client.resource(slice(name, endpoints(name))).create();
        cluster.client
                .resource(service(name)
                        .editSpec()
                        .editFirstPort()
                        .withPort(1000 + number / ADDRESSES)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
    }

    private static String pod(Random random) {
        return "192.168.81." + (1 + random.nextInt(30));
    }

    /** By several clients, each with Services of its own: which state is the last does not depend on which is faster. */
    private void changeAll() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int own = i;
            all.add(CompletableFuture.runAsync(
                    () -> changeSome(own), runnable -> Thread.ofPlatform().start(runnable)));
        }
        all.forEach(CompletableFuture::join);
    }

    private void changeSome(int own) {
        Random random = new Random(SEED + own);
        for (int i = own; i < CHANGES; i += CLIENTS) {
            String name = name(own + CLIENTS * random.nextInt((SERVICES - own + CLIENTS - 1) / CLIENTS));
            change(pods.get(name), random);
            cluster.client.resource(slice(name, endpoints(name))).update();
        }
    }

    /** A pod comes or goes; one is left. */
    private static void change(List<String> addresses, Random random) {
        String pod = pod(random);
        if (!addresses.contains(pod)) {
            addresses.add(pod);
        } else if (addresses.size() > 1) {
            addresses.remove(pod);
        }
    }

    private Endpoint[] endpoints(String name) {
        return pods.get(name).stream().map(address -> ready(address, "w1")).toArray(Endpoint[]::new);
    }

    private List<Service> services() {
        return cluster.client.services().inNamespace("default").list().getItems();
    }

    private double measured(String name) {
        return controller.measures().stream()
                .filter(measure -> measure.name().endsWith(name))
                .mapToDouble(measure -> measure.value())
                .sum();
    }

    private void awaitEqual() {
        await("every Service served on both nodes", PATIENCE, () -> {
            // To ask all three all the time would take the CPU from those that work.
            if (measured("services_programmed") != pods.size()) {
                return false;
            }
            Map<String, String> wanted = wanted();
            return wanted.size() == pods.size()
                    && nodes.stream().allMatch(node -> rules(node).equals(wanted));
        });
    }

    /** By the name of its rule: where each Service is, and what is behind it; without those that have no address yet. */
    private Map<String, String> wanted() {
        Map<String, String> wanted = new TreeMap<>();
        for (Service each : services()) {
            String name = each.getMetadata().getName();
            if (each.getStatus() != null
                    && each.getStatus().getLoadBalancer() != null
                    && !each.getStatus().getLoadBalancer().getIngress().isEmpty()) {
                wanted.put(
                        "default_" + name + ":llb-inst0",
                        each.getStatus()
                                        .getLoadBalancer()
                                        .getIngress()
                                        .getFirst()
                                        .getIp()
                                + ":" + each.getSpec().getPorts().getFirst().getPort() + " "
                                + new TreeSet<>(pods.get(name)));
            }
        }
        return wanted;
    }

    private Map<String, String> rules(GatunProcess node) {
        Map<String, String> rules = new TreeMap<>();
        for (JsonNode rule : list(node)) {
            JsonNode service = rule.get("serviceArguments");
            TreeSet<String> endpoints = new TreeSet<>();
            rule.get("endpoints")
                    .forEach(each -> endpoints.add(each.get("endpointIP").asString()));
            rules.put(
                    service.get("name").asString(),
                    service.get("externalIP").asString() + ":"
                            + service.get("port").asInt() + " " + endpoints);
        }
        return rules;
    }

    private JsonNode list(GatunProcess node) {
        try {
            HttpRequest request = HttpRequest.newBuilder(node.uri().resolve("/netlox/v1/config/loadbalancer/all"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return JsonMapper.shared().readTree(answer).get("lbAttr");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
