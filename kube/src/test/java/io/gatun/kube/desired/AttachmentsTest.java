package io.gatun.kube.desired;

import static io.gatun.kube.KubeObjects.annotated;
import static io.gatun.kube.KubeObjects.ending;
import static io.gatun.kube.KubeObjects.node;
import static io.gatun.kube.KubeObjects.ofPod;
import static io.gatun.kube.KubeObjects.options;
import static io.gatun.kube.KubeObjects.pod;
import static io.gatun.kube.KubeObjects.ready;
import static io.gatun.kube.KubeObjects.slice;
import static io.gatun.kube.KubeObjects.unready;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.gatun.kube.model.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Endpoints in further networks of pods. */
class AttachmentsTest {
    private static final List<Node> NODES = List.of(node("w1", "192.168.80.101"), node("w2", "192.168.80.102"));

    private static Desired conclude(Service service, List<EndpointSlice> slices, List<Pod> pods) {
        return Conclusion.of(
                new Snapshot(List.of(service), slices, NODES, pods), options("192.168.80.200/29", false), Map.of());
    }

    private static List<String> endpoints(Desired desired) {
        assertEquals(1, desired.rules().size(), desired.rules()::toString);
        Rule rule = desired.rules().values().iterator().next();
        return rule.endpoints().stream()
                .map(each -> each.address() + ":" + each.port() + (each.weight() == 1 ? "" : "*" + each.weight()))
                .toList();
    }

    private static Desired inNetworks(String networks, List<Pod> pods, EndpointSlice slice) {
        return conclude(annotated("web", "multus-nets", networks), List.of(slice), pods);
    }

    @Test
    void endpointsInAFurtherNetworkAreTheAddressesOfPodsThere() {
        EndpointSlice slice = slice(
                "web",
                ofPod("p1", ready("10.244.1.5", "w1")),
                ofPod("p2", ending("10.244.1.6", "w1")),
                ofPod("p3", unready("10.244.1.7", "w2")),
                ofPod("p4", ready("10.244.1.8", "w2")));
        List<Pod> pods = List.of(
                pod("p1", "default/net1", "192.168.90.5", "fd00:90::5"),
                pod("p2", "net1", "192.168.90.6"),
                pod("p3", "default/net1", "192.168.90.7"),
                pod("p4", "other/net1", "192.168.90.8"));
        assertEquals(List.of("192.168.90.5:8080", "192.168.90.6:8080*0"), endpoints(inNetworks("net1", pods, slice)));
        assertEquals(
                List.of("192.168.90.5:8080", "192.168.90.6:8080*0", "192.168.90.8:8080"),
                endpoints(inNetworks("net1@eth1, other/net1", pods, slice)));
    }

    @Test
    void aServiceWithoutPodsInItsNetworkIsToldSo() {
        EndpointSlice slice = slice("web", ofPod("p1", ready("10.244.1.5", "w1")), ready("10.244.1.6", "w1"));
        Pod broken = new PodBuilder(pod("p1", "net1", "192.168.90.5"))
                .editMetadata()
                .addToAnnotations("k8s.v1.cni.cncf.io/network-status", "[{")
                .endMetadata()
                .build();
        for (List<Pod> pods : List.of(List.<Pod>of(), List.of(broken), List.of(pod("p1", "net2", "192.168.90.5")))) {
            Desired desired = inNetworks("net1", pods, slice);
            assertEquals(Map.of(), desired.rules());
            assertEquals(
                    List.of(new Notice(
                            Notice.NO_ENDPOINTS,
                            "port 80/tcp on 192.168.80.200 is not served, no pod with an IPv4 address in net1 is ready"
                                    + " for it")),
                    desired.plans().get("default/web").notices());
        }
    }

    @Test
    void aServiceOfNoClassIsOursWhenItAsksForAFurtherNetwork() {
        Service asking = new ServiceBuilder(annotated("web", "multus-nets", "net1"))
                .editSpec()
                .withLoadBalancerClass(null)
                .endSpec()
                .build();
        assertEquals(
                Set.of("default/web"),
                conclude(asking, List.of(), List.of()).plans().keySet());
        Service other = new ServiceBuilder(asking)
                .editSpec()
                .withLoadBalancerClass("other.io/lb")
                .endSpec()
                .build();
        assertEquals(Set.of(), conclude(other, List.of(), List.of()).plans().keySet());
    }
}
