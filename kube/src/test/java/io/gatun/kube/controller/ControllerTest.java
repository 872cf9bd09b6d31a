package io.gatun.kube.controller;

import static io.gatun.kube.KubeObjects.FINALIZER;
import static io.gatun.kube.KubeObjects.annotated;
import static io.gatun.kube.KubeObjects.node;
import static io.gatun.kube.KubeObjects.notReady;
import static io.gatun.kube.KubeObjects.ofPod;
import static io.gatun.kube.KubeObjects.options;
import static io.gatun.kube.KubeObjects.pod;
import static io.gatun.kube.KubeObjects.ready;
import static io.gatun.kube.KubeObjects.service;
import static io.gatun.kube.KubeObjects.slice;
import static io.gatun.kube.KubeObjects.unready;
import static io.gatun.kube.controller.TestCluster.LB1;
import static io.gatun.kube.controller.TestCluster.LB2;
import static io.gatun.kube.controller.TestCluster.MEMBERS;
import static io.gatun.kube.controller.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gatun.kube.desired.Attached;
import io.gatun.kube.desired.Holding;
import io.gatun.kube.desired.Options;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private static final Lease ALWAYS = Lease.usual(false, "", "", "test");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestCluster cluster = new TestCluster();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeLoadBalancers loadBalancers = new FakeLoadBalancers();
    private Controller controller;

    @BeforeEach
    void nodes() {
        cluster.put(node("w1", "192.168.80.101"));
        cluster.put(node("w2", "192.168.80.102"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        cluster.close();
    }

    private void start(Options options) {
        start(options, MEMBERS, false);
    }

    private void start(Options options, Members members, boolean hostNames) {
        KubernetesClient client = cluster.controllersClient();
        FakeLoadBalancers own = loadBalancers;
        controller = new Controller(client, options, members, hostNames, ALWAYS, () -> own);
        open.add(client);
        open.add(controller);
        controller.start();
        await("ready", controller::ready);
    }

    private void restart(Options options) {
        controller.close();
        loadBalancers = loadBalancers.again();
        start(options);
    }

    private Map<RuleKey, Rule> rules() {
        return loadBalancers.rules(LB1);
    }

    private Set<String> endpoints(String address) {
        Rule rule = rules().get(new RuleKey(address, 80, "tcp"));
        return rule == null
                ? Set.of()
                : rule.endpoints().stream().map(each -> each.address()).collect(Collectors.toSet());
    }

    private void delete(String name) {
        cluster.client.services().inNamespace("default").withName(name).delete();
    }

    @Test
    void aServiceIsCreatedChangedAndDeleted() {
        start(options("192.168.80.200/29", false));
        cluster.put(service("web").build());
        await("its address", Duration.ofSeconds(2), () -> cluster.address("web").equals("192.168.80.200"));
        await("its rule", () -> endpoints("192.168.80.200").equals(Set.of("192.168.80.101", "192.168.80.102")));
        Service shown = cluster.service("web");
        assertEquals(List.of(FINALIZER), shown.getMetadata().getFinalizers());
        assertEquals("192.168.80.200", shown.getMetadata().getAnnotations().get(Holding.ADDRESSES));
        assertEquals(
                "VIP",
                shown.getStatus().getLoadBalancer().getIngress().getFirst().getIpMode());
        await("Events", () -> cluster.events("web").equals(List.of("AddressAllocated", "Programmed")));

        cluster.put(new ServiceBuilder(shown)
                .editSpec()
                .withLoadBalancerSourceRanges("10.0.0.0/8")
                .endSpec()
                .build());
        await(
                "allowed sources",
                SECOND,
                () -> rules().values().stream()
                        .allMatch(rule -> rule.allowedSources().equals(List.of("10.0.0.0/8"))));

        cluster.put(notReady(node("w2", "192.168.80.102")));
        await("the dead node out", SECOND, () -> endpoints("192.168.80.200").equals(Set.of("192.168.80.101")));

        delete("web");
        await("gone", () -> cluster.service("web") == null);
        assertEquals(Map.of(), rules());
        assertEquals(Map.of(), loadBalancers.rules(LB2));
    }

    @Test
    void podsAreWatchedWhenAServiceSendsToAnotherNetworkOfTheirs() {
        start(options("192.168.80.200/32", false));
        cluster.put(slice("web", ofPod("p1", ready("10.244.1.5", "w1")), ofPod("p2", ready("10.244.1.6", "w2"))));
        cluster.put(pod("p1", "net1", "192.168.90.5"));
        cluster.put(service("plain").build());
        await("a usual one", () -> endpoints("192.168.80.200").equals(Set.of("192.168.80.101", "192.168.80.102")));
        delete("plain");
        cluster.put(annotated("web", "multus-nets", "net1"));
        await("its pod", () -> endpoints("192.168.80.200").equals(Set.of("192.168.90.5")));
        cluster.put(pod("p2", "net1", "192.168.90.6"));
        await("another", SECOND, () -> endpoints("192.168.80.200").equals(Set.of("192.168.90.5", "192.168.90.6")));
        cluster.put(pod("p1", "net1", "192.168.90.15"));
        await("moved", SECOND, () -> endpoints("192.168.80.200").equals(Set.of("192.168.90.15", "192.168.90.6")));
        restart(options("192.168.80.200/32", false));
        await("again", () -> endpoints("192.168.80.200").equals(Set.of("192.168.90.15", "192.168.90.6")));
        cluster.put(pod("p2", "net2", "192.168.91.6"));
        await("gone from there", () -> endpoints("192.168.80.200").equals(Set.of("192.168.90.15")));
    }

    /** One that does not come back must not hold a Service for ever. */
    @Test
    void aServiceDoesNotWaitForALoadBalancerThatIsLost() {
        start(options("192.168.80.200/32", false));
        cluster.put(service("web").build());
        await("its rule", () -> loadBalancers.rules(LB2).size() == 1);
        loadBalancers.down(LB2, true);
        delete("web");
        await("the rule gone where it can", () -> rules().isEmpty());
        assertEquals(List.of(FINALIZER), cluster.service("web").getMetadata().getFinalizers());
        loadBalancers.lost(LB2);
        await("gone", () -> cluster.service("web") == null);
        await("an Event", () -> cluster.events("web").contains("ReleaseIncomplete"));
        cluster.put(service("next").build());
        await("the address given again", () -> cluster.address("next").equals("192.168.80.200"));
    }

    /** As of kube-loxilb: nodes have a label that says for which zone their load balancer is. */
    @Test
    void whereNodesAreOfZonesOnlyThoseOfItsOwnAreLoadBalancers() {
        Members members = new Members(List.of(), "loxilb-lb-service", "", 11_111, "east");
        List<EndpointSlice> slices =
                List.of(slice("loxilb-lb-service", ready("192.168.80.9", "m1"), ready("192.168.80.10", "m2")));
        Node none = node("m1", "192.168.80.9");
        Node west = new NodeBuilder(node("m2", "192.168.80.10"))
                .editMetadata()
                .addToLabels(Members.ZONE_LABEL, "west")
                .endMetadata()
                .build();
        Node east = new NodeBuilder(none)
                .editMetadata()
                .addToLabels(Members.ZONE_LABEL, "east")
                .endMetadata()
                .build();
        assertEquals(Set.of(LB1, LB2), Set.copyOf(members.of(slices, List.of(none))));
        assertEquals(List.of(), List.copyOf(members.of(slices, List.of(none, west))));
        assertEquals(List.of(LB1), List.copyOf(members.of(slices, List.of(east, west))));
        assertEquals(
                Set.of(LB1, LB2),
                Set.copyOf(new Members(List.of(), "loxilb-lb-service", "", 11_111).of(slices, List.of(east, west))));
    }

    /** With others in the same rules: what may be attached is on the Service before, and as long as it may be there. */
    @Test
    void endpointsAmongThoseOfOthersAreWrittenDown() {
        start(options("192.168.80.200/32", false, true));
        cluster.put(service("web").build());
        await("its rule", () -> endpoints("192.168.80.200").equals(Set.of("192.168.80.101", "192.168.80.102")));
        String both = "192.168.80.200:80/tcp=192.168.80.101:30080,192.168.80.102:30080";
        assertEquals(both, attached());
        loadBalancers.down(LB2, true);
        cluster.put(notReady(node("w2", "192.168.80.102")));
        await("the dead node out", SECOND, () -> endpoints("192.168.80.200").equals(Set.of("192.168.80.101")));
        assertEquals(both, attached());
        restart(options("192.168.80.200/32", false, true));
        loadBalancers.down(LB2, false);
        await("forgotten", () -> attached().equals("192.168.80.200:80/tcp=192.168.80.101:30080"));
        delete("web");
        await("gone", () -> cluster.service("web") == null);
        assertEquals(Map.of(), rules());
    }

    private String attached() {
        return cluster.service("web").getMetadata().getAnnotations().getOrDefault(Attached.ANNOTATION, "");
    }

    @Test
    void aServiceStaysUntilEveryLoadBalancerHasLetGo() {
        start(options("192.168.80.200/32", false));
        cluster.put(service("web").build());
        await("its rule", () -> loadBalancers.rules(LB2).size() == 1);
        loadBalancers.down(LB2, true);
        delete("web");
        await("the rule gone where it can", () -> rules().isEmpty());
        cluster.put(service("next").build());
        await("no address for the next", () -> cluster.events("next").contains("PoolExhausted"));
        assertEquals(List.of(FINALIZER), cluster.service("web").getMetadata().getFinalizers());
        assertEquals(1, loadBalancers.rules(LB2).size());
        loadBalancers.down(LB2, false);
        await("gone", () -> cluster.service("web") == null);
        await("the address given again", () -> cluster.address("next").equals("192.168.80.200"));
        await("its rule", () -> loadBalancers.rules(LB2).size() == 1);
        assertEquals(
                "default_next:llb-inst0",
                loadBalancers.rules(LB2).values().iterator().next().name());
    }

    @Test
    void aServiceOfAnotherTypeGivesBackWhatItHad() {
        start(options("192.168.80.200/29", false));
        cluster.put(service("web").build());
        await("its address", () -> !cluster.address("web").isEmpty());
        cluster.put(new ServiceBuilder(cluster.service("web"))
                .editSpec()
                .withType("ClusterIP")
                .withLoadBalancerClass(null)
                .endSpec()
                .build());
        await(
                "the finalizer gone",
                () -> cluster.service("web").getMetadata().getFinalizers().isEmpty());
        assertEquals(Map.of(), rules());
        assertEquals("", cluster.address("web"));
        assertFalse(cluster.service("web").getMetadata().getAnnotations().containsKey(Holding.ADDRESSES));
    }

    @Test
    void exhaustionIsAConditionThatHeals() {
        start(options("192.168.80.200/32", false));
        cluster.put(service("a").build());
        await("a has it", () -> cluster.address("a").equals("192.168.80.200"));
        cluster.put(service("b").build());
        await("a condition", () -> "False".equals(condition("b")));
        await("an Event", () -> cluster.events("b").equals(List.of("PoolExhausted")));
        assertEquals("", cluster.address("b"));
        delete("a");
        await("b has it", () -> cluster.address("b").equals("192.168.80.200"));
        await("a condition that is true", () -> "True".equals(condition("b")));
    }

    private String condition(String name) {
        Service service = cluster.service(name);
        return service.getStatus() == null || service.getStatus().getConditions() == null
                ? ""
                : service.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals(Patches.CONDITION))
                        .map(condition -> condition.getStatus())
                        .findFirst()
                        .orElse("");
    }

    @Test
    void aRestartGivesTheSameAddressesAndSaysNothingTwice() {
        start(options("192.168.80.200/28", false));
        for (int i = 0; i < 6; i++) {
            cluster.put(service("s" + i).build());
        }
        await(
                "all have one",
                () -> rules().size() == 6 && !cluster.address("s5").isEmpty());
        await(
                "all were told",
                () -> cluster.events("s5").size() == 2 && cluster.events("s0").size() == 2);
        Map<RuleKey, Rule> before = rules();
        delete("s0");
        await("s0 gone", () -> cluster.service("s0") == null);
        controller.close();
        cluster.put(service("new").build());
        int patches = cluster.requests("PATCH");
        int events = cluster.requests("POST");
        restart(options("192.168.80.200/28", false));
        await("the new one has the free address", () -> cluster.address("new").equals("192.168.80.200"));
        await("its Events", () -> cluster.events("new").size() == 2);
        for (int i = 1; i < 6; i++) {
            String name = "default_s" + i + ":llb-inst0";
            assertEquals(
                    before.values().stream()
                            .filter(rule -> rule.name().equals(name))
                            .toList(),
                    rules().values().stream()
                            .filter(rule -> rule.name().equals(name))
                            .toList());
        }
        assertEquals(patches + 2, cluster.requests("PATCH"));
        assertEquals(events + 2, cluster.requests("POST"));
    }

    @Test
    void endpointsComeAndGoAndTheLastStateIsWhatLoadBalancersHave() {
        start(options("192.168.80.200/28", true));
        Random random = new Random(7);
        Map<Integer, EndpointSlice> last = new TreeMap<>();
        for (int i = 0; i < 8; i++) {
            cluster.put(service("s" + i).build());
        }
        for (int i = 0; i < 300; i++) {
            int index = random.nextInt(8);
            List<Endpoint> endpoints = new ArrayList<>();
            for (int pod = 0; pod < random.nextInt(5); pod++) {
                endpoints.add(ready("10.1." + index + "." + (1 + random.nextInt(200)), "w1"));
            }
            EndpointSlice slice = slice("s" + index, endpoints.toArray(Endpoint[]::new));
            last.put(index, slice);
            cluster.put(slice);
        }
        await("what was last", SECOND, () -> {
            Map<String, Set<String>> expected = new TreeMap<>();
            last.forEach((index, slice) -> {
                if (!slice.getEndpoints().isEmpty()) {
                    expected.put(
                            "default_s" + index + ":llb-inst0",
                            slice.getEndpoints().stream()
                                    .map(each -> each.getAddresses().getFirst())
                                    .collect(Collectors.toSet()));
                }
            });
            Map<String, Set<String>> real = new TreeMap<>();
            rules().values()
                    .forEach(rule -> real.put(
                            rule.name(),
                            rule.endpoints().stream()
                                    .map(each -> each.address())
                                    .collect(Collectors.toSet())));
            return real.equals(expected);
        });
        assertTrue(cluster.requests("PATCH") <= 2 * 8, () -> cluster.requests("PATCH") + " patches");
    }

    /** A timeout that no load balancer can be told is told to users, once: not again in later rounds. */
    @Test
    void anAffinityTimeoutIsToldOnce() {
        start(options("192.168.80.200/29", false));
        cluster.put(service("web")
                .editSpec()
                .withSessionAffinity("ClientIP")
                .withNewSessionAffinityConfig()
                .withNewClientIP(600)
                .endSessionAffinityConfig()
                .endSpec()
                .build());
        await("Events", () -> cluster.events("web").size() == 3);
        int posted = cluster.requests("POST");
        cluster.put(node("w3", "192.168.80.103"));
        await("another round", () -> endpoints("192.168.80.200").contains("192.168.80.103"));
        cluster.put(service("other").build());
        await("Events of another", () -> cluster.events("other").size() == 2);
        assertEquals(List.of("AddressAllocated", "CannotServe", "Programmed"), cluster.events("web"));
        assertEquals(posted + 2, cluster.requests("POST"));
    }

    @Test
    void aRefusalOfALoadBalancerIsTold() {
        loadBalancers.refuse("mode=4 is not possible, give 0-3");
        start(options("192.168.80.200/32", false));
        cluster.put(service("web").build());
        await("an Event", () -> cluster.events("web").contains("ProgramFailed"));
        loadBalancers.refuse("");
        await("an Event", () -> cluster.events("web").contains("Programmed"));
    }

    @Test
    void loadBalancersAreTheReadyEndpointsOfTheirService() {
        start(options("192.168.80.200/32", false), new Members(List.of(), "loxilb-lb-service", "", 11_111), true);
        cluster.put(service("web").build());
        await("a name", () -> cluster.address("web").equals("llb-192.168.80.200"));
        await("an Event", () -> cluster.events("web").contains("ProgramFailed"));
        cluster.put(slice("loxilb-lb-service", ready("192.168.80.9", "m1"), unready("192.168.80.10", "m2")));
        await("one", () -> loadBalancers.members().equals(Set.of(LB1)));
        await("its rule", () -> rules().size() == 1);
        cluster.put(slice("loxilb-lb-service", ready("192.168.80.9", "m1"), ready("192.168.80.10", "m2")));
        await("two", () -> loadBalancers.rules(LB2).size() == 1);
    }
}
