package io.gatun.kube;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.gatun.kube.desired.Options;
import io.gatun.kube.ipam.AddressRange;
import io.gatun.kube.ipam.Pools;
import io.gatun.kube.model.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Objects of Kubernetes for tests, as its API server shows them. */
public final class KubeObjects {
    public static final String CLASS = "loxilb.io/loxilb";
    public static final String FINALIZER = "gatun.io/load-balancer";

    private KubeObjects() {}

    /** A Service of ours with port 80, nodePort 30080 and pods on port 8080. */
    public static ServiceBuilder service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid("uid-" + name)
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .withNewSpec()
                .withType("LoadBalancer")
                .withLoadBalancerClass(CLASS)
                .addNewPort()
                .withName("http")
                .withProtocol("TCP")
                .withPort(80)
                .withNodePort(30080)
                .withNewTargetPort(8080)
                .endPort()
                .endSpec();
    }

    public static Service annotated(String name, String annotation, String value) {
        return service(name)
                .editMetadata()
                .addToAnnotations("loxilb.io/" + annotation, value)
                .endMetadata()
                .build();
    }

    public static Node node(String name, String... addresses) {
        NodeBuilder node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus();
        for (String address : addresses) {
            node = node.editStatus()
                    .addNewAddress()
                    .withType("InternalIP")
                    .withAddress(address)
                    .endAddress()
                    .endStatus();
        }
        return node.build();
    }

    public static Node notReady(Node node) {
        return new NodeBuilder(node)
                .editStatus()
                .editFirstCondition()
                .withStatus("Unknown")
                .endCondition()
                .endStatus()
                .build();
    }

    public static EndpointSlice slice(String service, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(service + "-1")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("http")
                .withProtocol("TCP")
                .withPort(8080)
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    public static Endpoint ready(String address, String node) {
        return endpoint(address, node, true, true, false);
    }

    public static Endpoint ending(String address, String node) {
        return endpoint(address, node, false, true, true);
    }

    /** Of a pod, which may have addresses in further networks. */
    public static Endpoint ofPod(String pod, Endpoint endpoint) {
        return new EndpointBuilder(endpoint)
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace("default")
                .withName(pod)
                .endTargetRef()
                .build();
    }

    /** As Multus leaves it: in the pod network, and in one further network by these addresses. */
    public static Pod pod(String name, String network, String... addresses) {
        String status = """
                [{"name": "kindnet", "interface": "eth0", "ips": ["10.244.1.5"], "default": true, "dns": {}},
                 {"name": "%s", "interface": "net1", "ips": ["%s"], "mac": "02:00:00:00:00:05", "dns": {}}]
                """.formatted(network, String.join("\", \"", addresses));
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .addToAnnotations("k8s.v1.cni.cncf.io/network-status", status)
                .endMetadata()
                .build();
    }

    public static Endpoint unready(String address, String node) {
        return endpoint(address, node, false, false, false);
    }

    private static Endpoint endpoint(String address, String node, boolean ready, boolean serving, boolean ending) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNodeName(node)
                .withNewConditions()
                .withReady(ready)
                .withServing(serving)
                .withTerminating(ending)
                .endConditions()
                .build();
    }

    public static Options options(String ipv4, boolean podNetwork) {
        return options(ipv4, podNetwork, false);
    }

    /** With endpoints of other clusters in the same rules, or not. */
    public static Options options(String ipv4, boolean podNetwork, boolean append) {
        return new Options(
                CLASS,
                "llb",
                1,
                pools(ipv4, "2001:db8::200/125"),
                false,
                1,
                false,
                podNetwork,
                true,
                append,
                Optional.<AddressRange>empty());
    }

    public static Pools pools(String ipv4, String ipv6) {
        List<String> problems = new ArrayList<>();
        Pools pools = new Pools(
                Pools.parse("--cidrPools", ipv4, Family.IPV4, problems),
                Pools.parse("--cidr6Pools", ipv6, Family.IPV6, problems));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.toString());
        }
        return pools;
    }
}
