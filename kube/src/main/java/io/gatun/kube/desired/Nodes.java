package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Node;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes that can take connections. */
final class Nodes {
    private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
    private static final String LEAVING = "ToBeDeletedByClusterAutoscaler";

    private final List<Node> serving;
    private final Map<String, Node> all = new HashMap<>();
    private final Map<NodeFilter, List<Node>> filtered = new HashMap<>();

    Nodes(List<Node> nodes) {
        nodes.forEach(node -> all.put(node.getMetadata().getName(), node));
        serving = nodes.stream().filter(Nodes::serves).toList();
    }

    private static boolean serves(Node node) {
        return ready(node)
                && !Kube.deleted(node)
                && !Kube.labels(node).containsKey(EXCLUDED)
                && (node.getSpec() == null
                        || Kube.list(node.getSpec().getTaints()).stream()
                                .noneMatch(taint -> taint.getKey().equals(LEAVING)));
    }

    private static boolean ready(Node node) {
        return node.getStatus() != null
                && Kube.list(node.getStatus().getConditions()).stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
    }

    List<Node> serving(NodeFilter filter) {
        return filtered.computeIfAbsent(
                filter,
                ignored -> serving.stream()
                        .filter(node -> filter.matches(Kube.labels(node)))
                        .toList());
    }

    /** Whether pods of a node can be reached: one that Kubernetes does not know is not held against them. */
    boolean alive(String name) {
        Node node = name == null ? null : all.get(name);
        return node == null || ready(node);
    }

    static Optional<IpAddress> address(Node node, Family family) {
        return node.getStatus() == null
                ? Optional.empty()
                : Kube.list(node.getStatus().getAddresses()).stream()
                        .filter(address -> "InternalIP".equals(address.getType()))
                        .flatMap(address -> IpAddress.parse(address.getAddress()).stream())
                        .filter(address -> address.family() == family)
                        .findFirst();
    }
}
