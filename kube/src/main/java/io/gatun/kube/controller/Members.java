package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.gatun.kube.desired.Kube;
import io.gatun.kube.model.IpAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where load balancers are: told by the command line, or the ready endpoints of a headless Service.
 *
 * @param fixed base URLs, in the order of preference; empty to look for the Service
 * @param service its name
 * @param namespace that it must be in, empty for any
 * @param port of the REST API
 * @param zone whose load balancers these are, where nodes are labelled with one; empty for all
 */
public record Members(List<URI> fixed, String service, String namespace, int port, String zone) {
    /** Label of nodes. */
    static final String ZONE_LABEL = "loxilb.io/zonelabel";

    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /** Of all zones. */
    public Members(List<URI> fixed, String service, String namespace, int port) {
        this(fixed, service, namespace, port, "");
    }

    /** The base URLs as of now. */
    Collection<URI> of(List<EndpointSlice> slices, List<Node> nodes) {
        if (!fixed.isEmpty()) {
            return fixed;
        }
        Map<String, String> zones = new HashMap<>();
        if (!zone.isEmpty()) {
            nodes.forEach(node -> zones.put(node.getMetadata().getName(), label(node)));
            zones.values().removeIf(String::isEmpty);
        }
        TreeSet<URI> members = new TreeSet<>();
        for (EndpointSlice slice : slices) {
            Map<String, String> labels = slice.getMetadata().getLabels();
            if (labels != null
                    && service.equals(labels.get(SERVICE_LABEL))
                    && (namespace.isEmpty()
                            || namespace.equals(slice.getMetadata().getNamespace()))) {
                Kube.list(slice.getEndpoints()).stream()
                        .filter(Members::ready)
                        .filter(endpoint ->
                                zones.isEmpty() || zone.equals(zones.get(String.valueOf(endpoint.getNodeName()))))
                        .flatMap(endpoint ->
                                Kube.list(endpoint.getAddresses()).stream().limit(1))
                        .forEach(address -> url(address, port).ifPresent(members::add));
            }
        }
        return new ArrayList<>(members);
    }

    private static String label(Node node) {
        Map<String, String> labels = node.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(ZONE_LABEL, "");
    }

    private static boolean ready(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || endpoint.getConditions().getReady() == null
                || endpoint.getConditions().getReady();
    }

    private static Optional<URI> url(String address, int port) {
        return IpAddress.parse(address)
                .map(ip -> URI.create("http://" + (address.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port));
    }
}
