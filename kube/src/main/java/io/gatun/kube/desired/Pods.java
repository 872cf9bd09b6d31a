package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.ObjectReference;
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

/** What stands behind Services, from their EndpointSlices, and by what pods say of further networks. */
final class Pods {
    private static final String SERVICE = "kubernetes.io/service-name";
    private static final String POD = "Pod";

    private final Map<String, List<EndpointSlice>> slices = new HashMap<>();
    private final Attachments attachments;

    /**
     * One pod, or another address that serves.
     *
     * @param node where it runs, or null
     * @param ending whether it takes no new connections, but still serves those it has
     */
    record Pod(IpAddress address, int port, String node, boolean ending) {}

    Pods(List<EndpointSlice> all, Attachments attachments) {
        this.attachments = attachments;
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
        forEach(service, port, (slice, endpoint, number) -> {
            if (family.text().equals(slice.getAddressType())) {
                List<IpAddress> addresses = Kube.list(endpoint.getAddresses()).stream()
                        .flatMap(text -> IpAddress.parse(text).stream())
                        .toList();
                add(pods, endpoint, addresses, number);
            }
        });
        return pods;
    }

    /** The same by their addresses in these networks; those that are in none of them are left out. */
    List<Pod> of(String service, ServicePort port, Family family, List<String> networks) {
        List<Pod> pods = new ArrayList<>();
        forEach(service, port, (slice, endpoint, number) -> {
            ObjectReference target = endpoint.getTargetRef();
            if (target != null && POD.equals(target.getKind())) {
                String key = slice.getMetadata().getNamespace() + "/" + target.getName();
                List<IpAddress> addresses = attachments.of(key, networks).stream()
                        .filter(address -> address.family() == family)
                        .toList();
                add(pods, endpoint, addresses, number);
            }
        });
        return pods;
    }

    private interface Visitor {
        void visit(EndpointSlice slice, Endpoint endpoint, int port);
    }

    private void forEach(String service, ServicePort port, Visitor visitor) {
        for (EndpointSlice slice : slices.getOrDefault(service, List.of())) {
            Optional<Integer> number = number(slice, port);
            if (number.isPresent()) {
                Kube.list(slice.getEndpoints()).forEach(endpoint -> visitor.visit(slice, endpoint, number.get()));
            }
        }
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

    private static void add(List<Pod> pods, Endpoint endpoint, List<IpAddress> addresses, int port) {
        EndpointConditions conditions = endpoint.getConditions();
        // A condition that is not there means true, for ready and serving (discovery.k8s.io/v1).
        boolean ready = conditions == null || conditions.getReady() == null || conditions.getReady();
        boolean ending =
                conditions != null && Kube.isTrue(conditions.getTerminating()) && Kube.isTrue(conditions.getServing());
        if (ready || ending) {
            addresses.forEach(address -> pods.add(new Pod(address, port, endpoint.getNodeName(), !ready)));
        }
    }
}
