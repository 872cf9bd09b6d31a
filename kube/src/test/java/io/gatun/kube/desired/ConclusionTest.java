package io.gatun.kube.desired;

import static io.gatun.kube.KubeObjects.annotated;
import static io.gatun.kube.KubeObjects.ending;
import static io.gatun.kube.KubeObjects.node;
import static io.gatun.kube.KubeObjects.notReady;
import static io.gatun.kube.KubeObjects.options;
import static io.gatun.kube.KubeObjects.ready;
import static io.gatun.kube.KubeObjects.service;
import static io.gatun.kube.KubeObjects.slice;
import static io.gatun.kube.KubeObjects.unready;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConclusionTest {
    private static final List<Node> NODES =
            List.of(node("w1", "192.168.80.101", "2001:db8:1::101"), node("w2", "192.168.80.102"));
    private static final String POOL = "192.168.80.200/29";

    private static Desired conclude(
            Options options, List<Node> nodes, List<EndpointSlice> slices, Service... services) {
        return Conclusion.of(new Snapshot(List.of(services), slices, nodes, List.of()), options, Map.of());
    }

    private static Desired conclude(Service... services) {
        return conclude(options(POOL, false), NODES, List.of(), services);
    }

    private static Rule only(Desired desired) {
        assertEquals(1, desired.rules().size(), desired.rules()::toString);
        return desired.rules().values().iterator().next();
    }

    private static List<String> endpoints(Rule rule) {
        return rule.endpoints().stream()
                .map(each -> each.address() + ":" + each.port() + (each.weight() == 1 ? "" : "*" + each.weight()))
                .toList();
    }

    private static List<Notice> notices(Desired desired) {
        return desired.plans().values().iterator().next().notices();
    }

    @Test
    void aServiceHasARuleToTheNodePortOfEachReadyNode() {
        Rule rule = only(conclude(service("web").build()));
        assertEquals(new RuleKey("192.168.80.200", 80, "tcp"), rule.key());
        assertEquals("default_web:llb-inst0", rule.name());
        assertEquals(List.of("192.168.80.101:30080", "192.168.80.102:30080"), endpoints(rule));
        assertEquals(1, rule.mode());
        assertEquals(1800, rule.inactiveTimeoutSeconds());
    }

    @Test
    void nodesThatAreNotReadyExcludedOrOfAnotherLabelAreOut() {
        Node excluded = new NodeBuilder(node("w3", "192.168.80.103"))
                .editMetadata()
                .addToLabels("node.kubernetes.io/exclude-from-external-load-balancers", "")
                .addToLabels("edge", "yes")
                .endMetadata()
                .build();
        Node edge = new NodeBuilder(node("w4", "192.168.80.104"))
                .editMetadata()
                .addToLabels("edge", "yes")
                .endMetadata()
                .build();
        List<Node> nodes = List.of(NODES.getFirst(), notReady(NODES.getLast()), excluded, edge);
        assertEquals(
                List.of("192.168.80.101:30080", "192.168.80.104:30080"),
                endpoints(only(conclude(
                        options(POOL, false), nodes, List.of(), service("web").build()))));
        Service labelled = annotated("web", "nodelabel", "edge=yes");
        assertEquals(
                List.of("192.168.80.104:30080"),
                endpoints(only(conclude(options(POOL, false), nodes, List.of(), labelled))));
    }

    @Test
    void localTrafficGoesToNodesWithReadyPods() {
        Service local = service("web")
                .editSpec()
                .withExternalTrafficPolicy("Local")
                .endSpec()
                .build();
        EndpointSlice slice = slice("web", ready("10.1.1.1", "w2"), unready("10.1.1.2", "w1"));
        assertEquals(
                List.of("192.168.80.102:30080"),
                endpoints(only(conclude(options(POOL, false), NODES, List.of(slice), local))));
        Desired none = conclude(options(POOL, false), NODES, List.of(slice("web", unready("10.1.1.2", "w1"))), local);
        assertEquals(Map.of(), none.rules());
        assertEquals(Notice.NO_ENDPOINTS, notices(none).getFirst().reason());
        assertEquals(
                List.of("192.168.80.200"),
                none.plans().get("default/web").addresses().stream()
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void podsAreReachedByTheirPortsAndThoseThatEndAreDrained() {
        EndpointSlice slice =
                slice("web", ready("10.1.1.1", "w1"), ending("10.1.1.2", "w2"), unready("10.1.1.3", "w2"));
        Service service = service("web").build();
        assertEquals(
                List.of("10.1.1.1:8080", "10.1.1.2:8080*0"),
                endpoints(only(conclude(options(POOL, true), NODES, List.of(slice), service))));
        EndpointSlice last = slice("web", ending("10.1.1.2", "w2"));
        assertEquals(
                List.of("10.1.1.2:8080"),
                endpoints(only(conclude(options(POOL, true), NODES, List.of(last), service))));
    }

    @Test
    void podsOfADeadNodeAreOutAtOnce() {
        EndpointSlice slice = slice("web", ready("10.1.1.1", "w1"), ready("10.1.1.2", "w2"));
        List<Node> nodes = List.of(NODES.getFirst(), notReady(NODES.getLast()));
        assertEquals(
                List.of("10.1.1.1:8080"),
                endpoints(only(conclude(
                        options(POOL, true),
                        nodes,
                        List.of(slice),
                        service("web").build()))));
    }

    @Test
    void withoutNodePortsOnlyThePodNetworkServes() {
        Service service = service("web")
                .editSpec()
                .withAllocateLoadBalancerNodePorts(false)
                .editFirstPort()
                .withNodePort(null)
                .endPort()
                .endSpec()
                .build();
        Desired desired = conclude(service);
        assertEquals(Map.of(), desired.rules());
        assertEquals(
                "port 80/tcp is not served, it has no nodePort: set spec.allocateLoadBalancerNodePorts=true, or"
                        + " annotation loxilb.io/usepodnetwork=yes where load balancers reach pods",
                notices(desired).getFirst().message());
        Desired pods = conclude(options(POOL, true), NODES, List.of(slice("web", ready("10.1.1.1", "w1"))), service);
        assertEquals(List.of("10.1.1.1:8080"), endpoints(only(pods)));
    }

    @Test
    void bothFamiliesHaveTheirAddressAndTheirEndpoints() {
        Service dual = service("web")
                .editSpec()
                .withIpFamilies("IPv6", "IPv4")
                .endSpec()
                .build();
        Desired desired = conclude(dual);
        assertEquals(
                List.of("2001:db8::201", "192.168.80.200"),
                desired.plans().get("default/web").addresses().stream()
                        .map(Object::toString)
                        .toList());
        assertEquals(
                List.of(new RuleEndpoint("2001:db8:1::101", 30080, 1)),
                desired.rules().get(new RuleKey("2001:db8::201", 80, "tcp")).endpoints());
        assertEquals(2, desired.rules().size());
    }

    @Test
    void clientsOfIpv6MayBeServedByIpv4() {
        Rule rule = only(conclude(annotated("web", "ipam", "ipv6to4")));
        assertEquals("2001:db8::201", rule.key().address());
        assertEquals(List.of("192.168.80.101:30080", "192.168.80.102:30080"), endpoints(rule));
    }

    @Test
    void portsShareOneAddressAndServicesToo() {
        Service two = service("dns")
                .editSpec()
                .withPorts()
                .addNewPort()
                .withName("u")
                .withProtocol("UDP")
                .withPort(53)
                .withNodePort(30053)
                .endPort()
                .addNewPort()
                .withName("s")
                .withProtocol("SCTP")
                .withPort(3868)
                .withNodePort(30868)
                .endPort()
                .endSpec()
                .build();
        Desired desired = conclude(service("web").build(), two);
        assertEquals(
                List.of("192.168.80.200:3868/sctp", "192.168.80.200:53/udp", "192.168.80.200:80/tcp"),
                desired.rules().keySet().stream().map(Object::toString).sorted().toList());
    }

    @Test
    void sourcesOfTheOtherFamilyLetNobodyIn() {
        Service service = service("web")
                .editSpec()
                .withIpFamilies("IPv4", "IPv6")
                .withLoadBalancerSourceRanges("10.1.2.3/8", "192.0.2.0/24", "bad")
                .endSpec()
                .build();
        Desired desired = conclude(service);
        Rule rule = only(desired);
        assertEquals(List.of("10.0.0.0/8", "192.0.2.0/24"), rule.allowedSources());
        assertEquals(2, notices(desired).size());
        Service all = service("web")
                .editSpec()
                .withLoadBalancerSourceRanges("0.0.0.0/0")
                .endSpec()
                .build();
        assertEquals(List.of(), only(conclude(all)).allowedSources());
    }

    @Test
    void affinityIsPersistenceAndAnotherTimeoutIsTold() {
        assertEquals(3, only(conclude(affinity(10_800))).select());
        assertEquals(List.of(), notices(conclude(affinity(10_800))));
        assertEquals(List.of(), notices(conclude(affinity(null))));
        Desired desired = conclude(affinity(600));
        assertEquals(3, only(desired).select());
        assertEquals(
                List.of("spec.sessionAffinityConfig.clientIP.timeoutSeconds=600 is not followed, a client keeps its"
                        + " endpoint for 10800 s: give that, or leave it out"),
                notices(desired).stream().map(Notice::message).toList());
    }

    private static Service affinity(Integer seconds) {
        return service("web")
                .editSpec()
                .withSessionAffinity("ClientIP")
                .withNewSessionAffinityConfig()
                .withNewClientIP(seconds)
                .endSessionAffinityConfig()
                .endSpec()
                .build();
    }

    @Test
    void addressesCanBeAskedFor() {
        Service spec = service("a")
                .editSpec()
                .withLoadBalancerIP("192.0.2.7")
                .endSpec()
                .build();
        Desired desired = conclude(spec, annotated("b", "staticIP", "192.0.2.8"));
        assertEquals(
                List.of("192.0.2.7", "192.0.2.8"),
                desired.rules().keySet().stream().map(RuleKey::address).toList());
    }

    @Test
    void annotationsSayTheRest() {
        Service service = service("web")
                .editMetadata()
                .addToAnnotations("loxilb.io/lbmode", "fullnat")
                .addToAnnotations("loxilb.io/epselect", "lc")
                .addToAnnotations("loxilb.io/timeout", "60")
                .addToAnnotations("loxilb.io/probetype", "http")
                .addToAnnotations("loxilb.io/probeport", "8081")
                .addToAnnotations("loxilb.io/probereq", "/healthz")
                .addToAnnotations("loxilb.io/probetimeout", "5")
                .addToAnnotations("loxilb.io/proberetries", "2")
                .addToAnnotations("loxilb.io/useproxyprotov2", "yes")
                .endMetadata()
                .build();
        Rule rule = only(conclude(service));
        assertEquals(2, rule.mode());
        assertEquals(4, rule.select());
        assertEquals(60, rule.inactiveTimeoutSeconds());
        assertTrue(rule.monitor());
        assertEquals(
                "RuleProbe[type=http, port=8081, request=/healthz, response=, timeoutSeconds=5, retries=2]",
                rule.probe().toString());
        assertTrue(rule.proxyProtocol());
    }

    @Test
    void aBadAnnotationIsToldAndTheRestIsInForce() {
        Service service = service("web")
                .editMetadata()
                .addToAnnotations("loxilb.io/lbmode", "magic")
                .addToAnnotations("loxilb.io/timeout", "60")
                .addToAnnotations("loxilb.io/egress", "yes")
                .endMetadata()
                .build();
        Desired desired = conclude(service);
        Rule rule = only(desired);
        assertEquals(1, rule.mode());
        assertEquals(60, rule.inactiveTimeoutSeconds());
        assertEquals(
                List.of(
                        "annotation loxilb.io/egress=yes is not followed, remove it: only incoming connections are"
                                + " balanced",
                        "annotation loxilb.io/lbmode=magic is not followed, give one of default, dsr, fullnat,"
                                + " fullproxy, hostonearm, onearm"),
                notices(desired).stream().map(Notice::message).toList());
    }

    @Test
    void servicesOfOthersAreLeftAlone() {
        Service none =
                service("a").editSpec().withLoadBalancerClass(null).endSpec().build();
        Service other =
                service("b").editSpec().withLoadBalancerClass("other").endSpec().build();
        Service cluster =
                service("c").editSpec().withType("ClusterIP").endSpec().build();
        Desired desired = conclude(none, other, cluster, annotated("d", "zoneselect", "east"));
        assertEquals(Map.of(), desired.rules());
        assertEquals(Map.of(), desired.plans());
    }

    @Test
    void whatGoesKeepsItsAddressUntilItIsGone() {
        Service going = service("a")
                .editMetadata()
                .withDeletionTimestamp("2026-01-02T00:00:00Z")
                .withFinalizers("gatun.io/load-balancer")
                .addToAnnotations(Holding.ADDRESSES, "192.168.80.200")
                .addToAnnotations(Holding.PORTS, "80/tcp")
                .endMetadata()
                .build();
        Desired desired = conclude(going, service("b").build());
        assertTrue(desired.plans().get("default/a").released());
        assertEquals(
                "[192.168.80.200:80/tcp]",
                desired.plans().get("default/a").keys().toString());
        assertEquals("192.168.80.201", only(desired).key().address());
    }

    @Test
    void whatAServiceShowsIsWhatItHas() {
        Service named = service("a")
                .withNewStatus()
                .withNewLoadBalancer()
                .addNewIngress()
                .withHostname("llb-192.168.80.203")
                .endIngress()
                .endLoadBalancer()
                .endStatus()
                .build();
        Service shown = service("b")
                .withNewStatus()
                .withNewLoadBalancer()
                .addNewIngress()
                .withIp("192.168.80.204")
                .endIngress()
                .endLoadBalancer()
                .endStatus()
                .build();
        assertEquals(
                List.of("192.168.80.203", "192.168.80.204"),
                conclude(named, shown).rules().keySet().stream()
                        .map(RuleKey::address)
                        .toList());
    }

    @Test
    void exhaustionIsARefusalAndOthersAreServed() {
        Desired desired = conclude(
                options("192.168.80.200/32", false),
                NODES,
                List.of(),
                service("a").build(),
                service("b").build());
        assertEquals("default_a:llb-inst0", only(desired).name());
        assertEquals(
                "PoolExhausted",
                desired.plans().get("default/b").refusal().orElseThrow().reason());
    }

    @Test
    void sctpHasFurtherAddresses() {
        Service service = service("web")
                .editMetadata()
                .addToAnnotations("loxilb.io/secondaryIPs", "192.0.2.1,192.0.2.2")
                .endMetadata()
                .editSpec()
                .editFirstPort()
                .withProtocol("SCTP")
                .endPort()
                .endSpec()
                .build();
        assertEquals(List.of("192.0.2.1", "192.0.2.2"), only(conclude(service)).secondaryAddresses());
    }

    @Test
    void aPreferenceForLocalEndpointsIsLeftToEachLoadBalancer() {
        Desired desired = conclude(annotated("web", "prefLocalPod", "yes"));
        assertTrue(only(desired).preferLocal());
        assertEquals(List.of("192.168.80.101:30080", "192.168.80.102:30080"), endpoints(only(desired)));
        assertEquals(List.of(), notices(desired));
        assertEquals(1, notices(conclude(annotated("web", "zonelabel", "east"))).size());
    }

    @Test
    void addressesTakeTurnsOfInstances() {
        Options one = options(POOL, false);
        Options two = new Options(
                one.loadBalancerClass(), "llb", 2, one.pools(), true, 0, false, false, true, false, one.privateRange());
        Desired desired = conclude(
                two, NODES, List.of(), service("a").build(), service("b").build());
        assertEquals(
                List.of("default_a:llb-inst0", "default_b:llb-inst1"),
                desired.rules().values().stream().map(Rule::name).toList());
    }

    @Test
    void aSliceOfTheOtherFamilyDoesNotCount() {
        EndpointSlice six = new EndpointSliceBuilder(slice("web", ready("2001:db8:9::1", "w1")))
                .withAddressType("IPv6")
                .build();
        assertEquals(
                Map.of(),
                conclude(
                                options(POOL, true),
                                NODES,
                                List.of(six),
                                service("web").build())
                        .rules());
    }
}
