package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.gatun.kube.ipam.PortUse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what Kubernetes may leave out. */
public final class Kube {
    private Kube() {}

    /** {@code <namespace>/<name>}. */
    public static String key(HasMetadata object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    public static Map<String, String> annotations(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    static Map<String, String> labels(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    public static boolean deleted(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    /** What its status shows. */
    public static List<LoadBalancerIngress> ingress(Service service) {
        if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
            return List.of();
        }
        return list(service.getStatus().getLoadBalancer().getIngress());
    }

    /** Never null. */
    public static <T> List<T> list(List<T> list) {
        return list == null ? List.of() : list;
    }

    static boolean isTrue(Boolean value) {
        return value != null && value;
    }

    static String protocol(String protocol) {
        return protocol == null || protocol.isEmpty() ? "tcp" : protocol.toLowerCase(Locale.ROOT);
    }

    static PortUse port(ServicePort port) {
        return new PortUse(port.getPort(), protocol(port.getProtocol()));
    }

    static Set<PortUse> ports(Service service) {
        return list(service.getSpec().getPorts()).stream().map(Kube::port).collect(Collectors.toUnmodifiableSet());
    }
}
