package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code spec.loadBalancerSourceRanges}. */
final class Sources {
    private static final String ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";

    private Sources() {}

    /**
     * The networks that may connect, none for all; empty when nobody may, because what was given is of the other family
     * or cannot be read.
     */
    static Optional<List<String>> of(Service service, Family family, Consumer<Notice> notices) {
        List<String> given = Kube.list(service.getSpec().getLoadBalancerSourceRanges());
        String annotation = Kube.annotations(service).getOrDefault(ANNOTATION, "");
        if (given.isEmpty() && !annotation.isBlank()) {
            given = Arrays.asList(annotation.split(","));
        }
        if (given.isEmpty()) {
            return Optional.of(List.of());
        }
        List<String> networks = new ArrayList<>();
        for (String text : given) {
            Optional<Network> network = network(text.strip());
            if (network.isEmpty()) {
                notices.accept(new Notice(
                        Notice.BAD_SPEC,
                        "spec.loadBalancerSourceRanges: " + text
                                + " lets nobody in, give a network such as 10.0.0.0/8"));
            } else if (network.get().first().family() == family) {
                if (network.get().length() == 0) {
                    return Optional.of(List.of());
                }
                networks.add(network.get().toString());
            }
        }
        if (networks.isEmpty()) {
            notices.accept(new Notice(
                    Notice.BAD_SPEC,
                    "spec.loadBalancerSourceRanges has no network of " + family.text()
                            + ", so the " + family.text() + " address of this Service serves nobody, add one such as "
                            + (family == Family.IPV4 ? "0.0.0.0/0" : "::/0")));
            return Optional.empty();
        }
        return Optional.of(networks);
    }

    private record Network(IpAddress first, int length) {
        @Override
        public String toString() {
            return first + "/" + length;
        }
    }

    private static Optional<Network> network(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
            return Optional.empty();
        }
        int length = Integer.parseInt(text.substring(slash + 1));
        return IpAddress.parse(text.substring(0, slash))
                .filter(address -> length <= address.family().bits())
                .map(address -> {
                    int host = address.family().bits() - length;
                    BigInteger start = address.value().shiftRight(host).shiftLeft(host);
                    return new Network(new IpAddress(address.family(), start), length);
                });
    }
}
