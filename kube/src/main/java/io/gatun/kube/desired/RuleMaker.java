package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.gatun.kube.ipam.AddressRange;
import io.gatun.kube.ipam.Pools;
import io.gatun.kube.ipam.PortUse;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Makes the rules of one Service. */
final class RuleMaker {
    private static final String SCTP = "sctp";

    private final Nodes nodes;
    private final Pods pods;
    private final Options options;

    RuleMaker(Nodes nodes, Pods pods, Options options) {
        this.nodes = nodes;
        this.pods = pods;
        this.options = options;
    }

    /** One rule for each port that can be served on an address; with others, also for those that cannot. */
    List<Rule> make(
            Service service,
            Settings settings,
            IpAddress address,
            List<IpAddress> secondaries,
            Consumer<Notice> notices) {
        Optional<List<String>> sources = Sources.of(service, address.family(), notices);
        if (sources.isEmpty()) {
            return List.of();
        }
        List<Rule> rules = new ArrayList<>();
        for (ServicePort port : Kube.list(service.getSpec().getPorts())) {
            List<RuleEndpoint> endpoints = endpoints(service, settings, port, address, notices);
            if (!endpoints.isEmpty() || options.append()) {
                PortUse use = Kube.port(port);
                rules.add(new Rule(
                        new RuleKey(address.toString(), use.port(), use.protocol()),
                        name(service, settings, address),
                        settings.mode(),
                        settings.select(),
                        settings.inactiveTimeoutSeconds(),
                        settings.monitor(),
                        settings.probe(),
                        settings.proxyProtocol(),
                        privateAddress(address),
                        use.protocol().equals(SCTP)
                                ? secondaries.stream().map(IpAddress::toString).toList()
                                : List.of(),
                        sources.get(),
                        endpoints,
                        List.of(),
                        settings.preferLocal()));
            }
        }
        return rules;
    }

    /** A rule of which nothing of ours is to be left. */
    Rule leaving(Service service, Settings settings, RuleKey key) {
        return new Rule(
                key,
                name(service, settings, IpAddress.parse(key.address()).orElseThrow()),
                settings.mode(),
                settings.select(),
                settings.inactiveTimeoutSeconds(),
                settings.monitor(),
                settings.probe(),
                settings.proxyProtocol(),
                "",
                List.of(),
                List.of(),
                List.of());
    }

    /** Addresses take turns, and Services on one address agree: the instance's role decides where the address is. */
    private String name(Service service, Settings settings, IpAddress address) {
        int instance = settings.instance()
                .orElseGet(() -> address.value()
                        .mod(BigInteger.valueOf(options.instances()))
                        .intValue());
        return service.getMetadata().getNamespace() + "_"
                + service.getMetadata().getName() + ":" + options.zone() + "-inst" + instance;
    }

    private String privateAddress(IpAddress address) {
        Optional<AddressRange> range = options.privateRange().filter(each -> each.family() == address.family());
        if (range.isEmpty()) {
            return "";
        }
        BigInteger offset = BigInteger.ZERO;
        for (AddressRange pool :
                options.pools().ranges(address.family(), Pools.DEFAULT).orElse(List.of())) {
            if (pool.contains(address)) {
                offset = offset.add(address.value().subtract(pool.first().value()));
                IpAddress own = new IpAddress(
                        address.family(), range.get().first().value().add(offset));
                return range.get().contains(own) ? own.toString() : "";
            }
            offset = offset.add(pool.size());
        }
        return "";
    }

    private List<RuleEndpoint> endpoints(
            Service service, Settings settings, ServicePort port, IpAddress address, Consumer<Notice> notices) {
        Family family = settings.nat64() ? Family.IPV4 : address.family();
        List<RuleEndpoint> endpoints;
        if (settings.podNetwork()) {
            endpoints = pods(service, settings, port, family);
        } else if (port.getNodePort() == null || port.getNodePort() == 0) {
            notices.accept(new Notice(
                    Notice.BAD_SPEC,
                    "port " + Kube.port(port) + " is not served, it has no nodePort: set "
                            + "spec.allocateLoadBalancerNodePorts=true, or annotation " + Annotations.PREFIX
                            + "usepodnetwork=yes where load balancers reach pods"));
            return List.of();
        } else if ("Local".equals(service.getSpec().getExternalTrafficPolicy())) {
            endpoints = localNodes(service, settings, port, family);
        } else {
            endpoints = allNodes(settings, port, family);
        }
        if (endpoints.isEmpty()) {
            notices.accept(new Notice(
                    Notice.NO_ENDPOINTS,
                    "port " + Kube.port(port) + " on " + address + " is not served, "
                            + (settings.podNetwork() ? "no pod" : "no node")
                            + " with an " + family.text() + " address "
                            + (settings.networks().isEmpty() ? "" : "in " + String.join(",", settings.networks()) + " ")
                            + "is ready for it"));
        }
        return endpoints;
    }

    private List<RuleEndpoint> pods(Service service, Settings settings, ServicePort port, Family family) {
        String key = Kube.key(service);
        List<Pods.Pod> all = settings.networks().isEmpty()
                ? pods.of(key, port, family)
                : pods.of(key, port, family, settings.networks());
        Map<RuleEndpoint, Boolean> serving = new HashMap<>();
        for (Pods.Pod pod : all) {
            if (nodes.alive(pod.node())) {
                serving.merge(
                        new RuleEndpoint(pod.address().toString(), pod.port(), 1), pod.ending(), Boolean::logicalAnd);
            }
        }
        return weighted(serving);
    }

    private List<RuleEndpoint> localNodes(Service service, Settings settings, ServicePort port, Family family) {
        Map<String, Boolean> serving = new HashMap<>();
        for (Pods.Pod pod : pods.of(Kube.key(service), port, family)) {
            if (pod.node() != null) {
                serving.merge(pod.node(), pod.ending(), Boolean::logicalAnd);
            }
        }
        Map<RuleEndpoint, Boolean> endpoints = new HashMap<>();
        for (Node node : nodes.serving(settings.nodes())) {
            Boolean ending = serving.get(node.getMetadata().getName());
            Optional<IpAddress> address = Nodes.address(node, family);
            if (ending != null && address.isPresent()) {
                endpoints.put(new RuleEndpoint(address.get().toString(), port.getNodePort(), 1), ending);
            }
        }
        return weighted(endpoints);
    }

    private List<RuleEndpoint> allNodes(Settings settings, ServicePort port, Family family) {
        Set<RuleEndpoint> endpoints = new HashSet<>();
        for (Node node : nodes.serving(settings.nodes())) {
            Nodes.address(node, family)
                    .ifPresent(address -> endpoints.add(new RuleEndpoint(address.toString(), port.getNodePort(), 1)));
        }
        return List.copyOf(endpoints);
    }

    /** Those that end take no new connections, unless there are only such. */
    private List<RuleEndpoint> weighted(Map<RuleEndpoint, Boolean> ending) {
        boolean anyReady = ending.containsValue(false);
        List<RuleEndpoint> endpoints = new ArrayList<>();
        ending.forEach((endpoint, ends) -> {
            if (!ends || !anyReady) {
                endpoints.add(endpoint);
            } else if (options.drain()) {
                endpoints.add(new RuleEndpoint(endpoint.address(), endpoint.port(), 0));
            }
        });
        return endpoints;
    }
}
