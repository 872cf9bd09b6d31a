package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.ipam.PortUse;
import io.gatun.kube.model.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a Service has so far. It is written on the Service itself, so that no controller has to remember it.
 *
 * @param uid of the Service; one that is created again with the same name holds nothing
 * @param addresses of all families
 * @param ports on each of them
 */
public record Holding(String uid, List<IpAddress> addresses, Set<PortUse> ports) {
    public static final String ADDRESSES = "gatun.io/addresses";
    public static final String PORTS = "gatun.io/ports";

    /** What a Service's annotations say, or else its status, in either form that kube-loxilb gives it. */
    static Holding of(Service service, Options options) {
        Map<String, String> annotations = Kube.annotations(service);
        String uid = service.getMetadata().getUid();
        List<IpAddress> written = parts(annotations.get(ADDRESSES)).stream()
                .flatMap(text -> IpAddress.parse(text).stream())
                .toList();
        if (!written.isEmpty()) {
            Set<PortUse> ports = parts(annotations.get(PORTS)).stream()
                    .flatMap(text -> PortUse.parse(text).stream())
                    .collect(Collectors.toUnmodifiableSet());
            return new Holding(uid, written, ports);
        }
        return new Holding(
                uid,
                Kube.ingress(service).stream()
                        .flatMap(each -> shown(each, options.zone()).stream())
                        .toList(),
                Kube.ports(service));
    }

    private static Optional<IpAddress> shown(LoadBalancerIngress ingress, String zone) {
        if (ingress.getIp() != null && !ingress.getIp().isEmpty()) {
            return IpAddress.parse(ingress.getIp());
        }
        return ingress.getHostname() == null ? Optional.empty() : HostName.address(ingress.getHostname(), zone);
    }

    private static List<String> parts(String text) {
        return text == null ? List.of() : Arrays.asList(text.split(","));
    }
}
