package io.gatun.kube.controller;

import static io.gatun.kube.KubeObjects.annotated;
import static io.gatun.kube.KubeObjects.node;
import static io.gatun.kube.KubeObjects.ofPod;
import static io.gatun.kube.KubeObjects.options;
import static io.gatun.kube.KubeObjects.pod;
import static io.gatun.kube.KubeObjects.ready;
import static io.gatun.kube.KubeObjects.service;
import static io.gatun.kube.KubeObjects.slice;
import static io.gatun.kube.controller.TestCluster.LB1;
import static io.gatun.kube.controller.TestCluster.MEMBERS;
import static io.gatun.kube.controller.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with an API server; each time all has to be as wanted afterwards. */
class FaultsTest {
    private final TestCluster cluster = new TestCluster();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final FakeLoadBalancers loadBalancers = new FakeLoadBalancers();

    @BeforeEach
    void nodes() {
        cluster.put(node("w1", "192.168.80.101"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        cluster.close();
    }

    private Controller controller(Lease lease, FakeLoadBalancers own) {
        KubernetesClient client = cluster.controllersClient();
        Controller controller =
                new Controller(client, options("192.168.80.200/28", false), MEMBERS, false, lease, () -> own);
        open.add(client);
        open.add(controller);
        controller.start();
        return controller;
    }

    private Controller started() {
        Controller controller = controller(Lease.usual(false, "", "", "test"), loadBalancers);
        await("ready", controller::ready);
        return controller;
    }

    @Test
    void aConflictIsDecidedAnew() {
        AtomicInteger conflicts = new AtomicInteger(6);
        cluster.faults(request -> request.getMethod().equals("PATCH") && conflicts.getAndDecrement() > 0
                ? Optional.of(409)
                : Optional.empty());
        started();
        cluster.put(service("web").build());
        await("its address", () -> cluster.address("web").equals("192.168.80.200"));
        assertTrue(cluster.requests("PATCH") <= 8, () -> cluster.requests("PATCH") + " patches");
    }

    @Test
    void aServiceThatChangedMeanwhileIsNotOverwritten() {
        started();
        AtomicInteger others = new AtomicInteger(1);
        cluster.faults(request -> {
            if (request.getMethod().equals("PATCH") && others.getAndDecrement() > 0) {
                // Somebody is faster, on the way of the first patch.
                cluster.put(new ServiceBuilder(cluster.service("web"))
                        .editMetadata()
                        .addToFinalizers("example.org/other")
                        .endMetadata()
                        .build());
            }
            return Optional.empty();
        });
        cluster.put(service("web").build());
        await("its address", () -> cluster.address("web").equals("192.168.80.200"));
        assertTrue(cluster.service("web").getMetadata().getFinalizers().contains("example.org/other"));
    }

    @Test
    void anApiThatFailsIsNotHammered() {
        Controller controller = started();
        cluster.faults(request -> request.getMethod().equals("PATCH") ? Optional.of(500) : Optional.empty());
        cluster.put(service("web").build());
        await("three tries", () -> cluster.requests("PATCH") >= 3);
        long startNs = System.nanoTime();
        int before = cluster.requests("PATCH");
        await("the next", () -> cluster.requests("PATCH") > before);
        assertTrue(System.nanoTime() - startNs > Duration.ofMillis(50).toNanos());
        // Without its finalizer it could go without a word.
        assertEquals(0, loadBalancers.rules(LB1).size());
        assertTrue(controller.alive());
        cluster.faults(request -> Optional.empty());
        await("its address", () -> cluster.address("web").equals("192.168.80.200"));
        await("its rule", () -> loadBalancers.rules(LB1).size() == 1);
    }

    @Test
    void podsThatMayNotBeReadHoldUpOnlyWhoNeedsThem() {
        cluster.faults(request -> request.getPath().contains("/pods") ? Optional.of(403) : Optional.empty());
        cluster.put(slice("attached", ofPod("p1", ready("10.244.1.5", "w1"))));
        cluster.put(pod("p1", "net1", "192.168.90.5"));
        cluster.put(annotated("attached", "multus-nets", "net1"));
        started();
        cluster.put(service("web").build());
        await("a usual one", () -> loadBalancers.rules(LB1).size() == 1);
        await("a word", () -> cluster.events("attached").contains("NoEndpoints"));
        cluster.faults(request -> Optional.empty());
        await("the other one", () -> loadBalancers.rules(LB1).size() == 2);
    }

    @Test
    void anApiThatIsAwayIsWaitedFor() {
        Controller controller = started();
        cluster.put(service("a").build());
        await("its rule", () -> loadBalancers.rules(LB1).size() == 1);
        await("its address", () -> !cluster.address("a").isEmpty());
        cluster.goAway();
        cluster.put(service("b").build());
        await(
                "the watches broken",
                () -> controller.measures().stream()
                        .anyMatch(measure -> measure.name().endsWith("_watching") && measure.value() == 0));
        assertEquals(1, loadBalancers.rules(LB1).size());
        assertTrue(controller.alive());
        int before = cluster.requests();
        cluster.comeBack();
        await(
                "all caught up",
                Duration.ofSeconds(60),
                () -> !cluster.address("b").isEmpty());
        await("its rule", () -> loadBalancers.rules(LB1).size() == 2);
        assertTrue(cluster.requests() - before < 60, () -> (cluster.requests() - before) + " requests");
    }

    @Test
    void aWatchThatExpiredBeginsAgain() {
        started();
        AtomicInteger gone = new AtomicInteger();
        cluster.goAway();
        cluster.put(service("a").build());
        cluster.faults(request -> request.getPath().contains("watch=true") && gone.incrementAndGet() <= 6
                ? Optional.of(410)
                : Optional.empty());
        cluster.comeBack();
        await("its address", Duration.ofSeconds(60), () -> !cluster.address("a").isEmpty());
        cluster.put(service("b").build());
        await("the next", Duration.ofSeconds(60), () -> !cluster.address("b").isEmpty());
        // Services are watched by one of three, which may have had its share of them before the others.
        await("all have expired", Duration.ofSeconds(60), () -> gone.get() >= 6);
        assertTrue(gone.get() >= 6 && gone.get() < 60, () -> gone + " watches");
    }

    @Test
    void ofTwoReplicasOneActsAndTheOtherTakesOver() {
        FakeLoadBalancers others = loadBalancers.again();
        Controller first = controller(lease("first"), loadBalancers);
        await("the first in charge", first::inCharge);
        Controller second = controller(lease("second"), others);
        await("the second ready", second::ready);
        cluster.put(service("web").build());
        await("its address", () -> !cluster.address("web").isEmpty());
        assertFalse(second.inCharge());
        first.close();
        assertTrue(loadBalancers.closed());
        await("the second in charge", second::inCharge);
        cluster.put(service("next").build());
        await("its address", () -> !cluster.address("next").isEmpty());
        assertEquals("192.168.80.200", cluster.address("web"));
        await("both rules", () -> others.rules(LB1).size() == 2);
    }

    private static Lease lease(String identity) {
        return new Lease(
                true,
                "default",
                "gatun-controller",
                identity,
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofMillis(200));
    }
}
