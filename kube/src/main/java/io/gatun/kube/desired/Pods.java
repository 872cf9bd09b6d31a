package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What stands behind Services, from their EndpointSlices. */
final class Pods {
    private static final String SERVICE = "kubernetes.io/service-name";

    private final Map<String, List<EndpointSlice>> slices = new HashMap<>();

    /**
     * One pod, or another address that serves.
     *
     * @param node where it runs, or null
     * @param ending whether it takes no new connections, but still serves those it has
     */
    record Pod(IpAddress address, int port, String node, boolean ending) {}

    Pods(List<EndpointSlice> all) {
        for (EndpointSlice slice : all) {
            String service = Kube.labels(slice).get(SERVICE);
            if (service != null && !Kube.deleted(slice)) {
                slices.computeIfAbsent(slice.getMetadata().getNamespace() + "/" + service, ignored -> new ArrayList<>())
                        .add(slice);
            }
        }
    }

    /** Those of one port that serve, whether ready or ending. */
    List<Pod> of(String service, ServicePort port, Family family) {
        List<Pod> pods = new ArrayList<>();
        for (EndpointSlice slice : slices.getOrDefault(service, List.of())) {
            if (!family.text().equals(slice.getAddressType())) {
                continue;
            }
            Optional<Integer> number = number(slice, port);
            if (number.isPresent()) {
                Kube.list(slice.getEndpoints()).forEach(endpoint -> add(pods, endpoint, number.get()));
            }
        }
        return pods;
    }

    private static Optional<Integer> number(EndpointSlice slice, ServicePort port) {
        return Kube.list(slice.getPorts()).stream()
                .filter(each -> name(each.getName()).equals(name(port.getName()))
                        && Kube.protocol(each.getProtocol()).equals(Kube.protocol(port.getProtocol())))
                .map(EndpointPort::getPort)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static String name(String name) {
        return name == null ? "" : name;
    }

    private static void add(List<Pod> pods, Endpoint endpoint, int port) {
        EndpointConditions conditions = endpoint.getConditions();
        // A condition that is not there means true, for ready and serving (discovery.k8s.io/v1).
        boolean ready = conditions == null || conditions.getReady() == null || conditions.getReady();
        boolean ending =
                conditions != null && Kube.isTrue(conditions.getTerminating()) && Kube.isTrue(conditions.getServing());
        if (ready || ending) {
            Kube.list(endpoint.getAddresses()).stream()
                    .flatMap(text -> IpAddress.parse(text).stream())
                    .forEach(address -> pods.add(new Pod(address, port, endpoint.getNodeName(), !ready)));
        }
    }
}
