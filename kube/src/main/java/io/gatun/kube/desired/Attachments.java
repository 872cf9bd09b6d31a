package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Addresses of pods in further networks, as Multus and its like write them on the pods: the annotation {@value #STATUS}
 * of the Network Plumbing Working Group's specification, version 1.3, section 4.
 */
public final class Attachments {
    public static final String STATUS = "k8s.v1.cni.cncf.io/network-status";

    static final String NETWORKS = "multus-nets";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, Pod> pods = new HashMap<>();

    Attachments(List<Pod> all) {
        all.forEach(pod -> pods.put(Kube.key(pod), pod));
    }

    /** Whether a Service sends to addresses that only its pods tell. */
    public static boolean wanted(Service service) {
        return !Kube.annotations(service)
                .getOrDefault(Annotations.PREFIX + NETWORKS, "")
                .isBlank();
    }

    /**
     * Of one pod in networks; none when it is in none of them, or what is written on it cannot be read.
     *
     * @param key of the pod, by {@link Kube#key}
     * @param networks by name, {@code net1}, or {@code other/net1} where they are in another namespace than the pod
     */
    List<IpAddress> of(String key, List<String> networks) {
        Pod pod = pods.get(key);
        if (pod == null) {
            return List.of();
        }
        String namespace = pod.getMetadata().getNamespace();
        List<String> wanted =
                networks.stream().map(network -> full(network, namespace)).toList();
        List<IpAddress> addresses = new ArrayList<>();
        for (JsonNode attached : status(pod)) {
            if (wanted.contains(full(attached.path("name").asString(""), namespace))) {
                attached.path("ips")
                        .forEach(ip -> IpAddress.parse(ip.asString("")).ifPresent(addresses::add));
            }
        }
        return addresses;
    }

    /** With its namespace, and without the interface that a request may name, {@code net1@eth1}. */
    private static String full(String network, String namespace) {
        int at = network.indexOf('@');
        String name = at < 0 ? network : network.substring(0, at);
        return name.indexOf('/') < 0 ? namespace + "/" + name : name;
    }

    private static JsonNode status(Pod pod) {
        String text = Kube.annotations(pod).getOrDefault(STATUS, "");
        try {
            return JSON.readTree(text.isBlank() ? "[]" : text);
        } catch (JacksonException e) {
            return JSON.createArrayNode();
        }
    }
}
