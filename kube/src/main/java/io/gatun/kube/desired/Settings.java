package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.SessionAffinityConfig;
import io.gatun.kube.ipam.Pools;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import io.gatun.kube.model.RuleProbe;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one Service says, in its spec and its annotations.
 *
 * @param families of its addresses, in their order
 * @param nat64 whether IPv6 clients are served by IPv4 endpoints
 * @param pool of its addresses
 * @param secondaryPools one further address from each, for SCTP
 * @param secondaryAddresses further addresses, for SCTP
 * @param fixed addresses that it must have, at most one for a family
 * @param instance number of its instance, when it names one
 * @param podNetwork whether endpoints are pods, not nodes
 * @param networks in which these pods are meant; none for the pod network
 */
record Settings(
        List<Family> families,
        boolean nat64,
        String pool,
        List<String> secondaryPools,
        List<IpAddress> secondaryAddresses,
        List<IpAddress> fixed,
        Optional<Integer> instance,
        int mode,
        int select,
        int inactiveTimeoutSeconds,
        boolean monitor,
        RuleProbe probe,
        boolean proxyProtocol,
        boolean podNetwork,
        List<String> networks,
        boolean preferLocal,
        NodeFilter nodes) {
    static final int HOST_ONE_ARM = 5;

    private static final Map<String, Integer> MODES =
            Map.of("default", 0, "onearm", 1, "fullnat", 2, "dsr", 3, "fullproxy", 4, "hostonearm", HOST_ONE_ARM);
    private static final int DSR = 3;
    private static final int HASH = 1;
    private static final int PERSIST = 3;
    private static final Map<String, Integer> SELECTS = Map.of(
            "rr", 0, "roundrobin", 0, "hash", HASH, "priority", 2, "persist", PERSIST, "lc", 4, "n2", 5, "n3", 6);
    private static final List<String> PROBES = List.of("none", "ping", "tcp", "udp", "sctp", "http", "https");
    private static final int IDLE_SECONDS = 1800;
    private static final int DAY_SECONDS = 86_400;
    private static final int PERSIST_SECONDS = 10_800;
    private static final int SECONDARY_MAX = 3;
    private static final int PORT_MAX = 65_535;
    private static final int RETRIES_MAX = 100;
    private static final String POD_NETWORK = "usepodnetwork";
    /** Those of kube-loxilb that ask for what a rule cannot say. */
    private static final Map<String, String> UNSUPPORTED = Map.of(
            "zonelabel",
            "remove it: it is a label of the nodes whose load balancers are for a zone; choose endpoints by "
                    + Annotations.PREFIX + "nodelabel",
            "egress",
            "remove it: only incoming connections are balanced");

    static Settings of(Service service, Options options, Consumer<Notice> notices) {
        Annotations read = new Annotations(Kube.annotations(service), notices);
        UNSUPPORTED.forEach((name, cure) -> {
            if (read.has(name) && !read.text(name).equals("no")) {
                read.bad(name, cure, 0);
            }
        });
        Kube.annotations(service).keySet().stream()
                .filter(name -> name.startsWith(Annotations.PREFIX + "mtls-"))
                .map(name -> name.substring(Annotations.PREFIX.length()))
                .sorted()
                .forEach(name -> read.bad(name, "remove it: TLS is left to the endpoints", 0));
        ServiceSpec spec = service.getSpec();
        int mode = read.choice("lbmode", MODES, options.mode());
        List<Family> families = families(service, read);
        boolean affinity = "ClientIP".equals(spec.getSessionAffinity());
        int select = read.choice("epselect", SELECTS, affinity ? PERSIST : mode == DSR ? HASH : 0);
        affinityTimeout(spec, affinity && select == PERSIST, notices);
        RuleProbe probe = probe(read);
        return new Settings(
                families,
                nat64(read),
                read.has("poolSelect") ? read.text("poolSelect") : Pools.DEFAULT,
                read.list("poolSelectSecondary"),
                secondary(read),
                fixed(service, read, mode, families, notices),
                instance(read, options),
                mode,
                select,
                read.number("timeout", 0, DAY_SECONDS, IDLE_SECONDS),
                read.yes("liveness", options.monitor())
                        || !(probe.type().isEmpty() || probe.type().equals("none")),
                probe,
                read.yes("useproxyprotov2", false),
                read.yes(POD_NETWORK, options.podNetwork())
                        || read.yes("useExternalEndpoint", false)
                        || read.has(Attachments.NETWORKS),
                read.list(Attachments.NETWORKS),
                read.yes("prefLocalPod", false),
                NodeFilter.of(read));
    }

    /** How long load balancers remember a client, no request can say. */
    private static void affinityTimeout(ServiceSpec spec, boolean persistent, Consumer<Notice> notices) {
        SessionAffinityConfig config = spec.getSessionAffinityConfig();
        Integer seconds = config == null || config.getClientIP() == null
                ? null
                : config.getClientIP().getTimeoutSeconds();
        if (persistent && seconds != null && seconds != PERSIST_SECONDS) {
            notices.accept(new Notice(
                    Notice.BAD_SPEC,
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds=" + seconds + " is not followed, a client keeps"
                            + " its endpoint for " + PERSIST_SECONDS + " s: give that, or leave it out"));
        }
    }

    private static boolean nat64(Annotations read) {
        return read.text("ipam").equals("ipv6to4") || read.text("ipam").equals("nat64");
    }

    private static List<Family> families(Service service, Annotations read) {
        List<Family> spec = new ArrayList<>();
        Kube.list(service.getSpec().getIpFamilies())
                .forEach(text -> spec.add(text.equals(Family.IPV6.text()) ? Family.IPV6 : Family.IPV4));
        String clusterIp = service.getSpec().getClusterIP();
        if (spec.isEmpty()) {
            spec.add(clusterIp != null && clusterIp.indexOf(':') >= 0 ? Family.IPV6 : Family.IPV4);
        }
        List<Family> ipv4 = List.of(Family.IPV4);
        List<Family> ipv6 = List.of(Family.IPV6);
        return read.choice(
                "ipam",
                Map.of(
                        "ipv4", ipv4, "ip", ipv4, "ip4", ipv4, "ipv6", ipv6, "ip6", ipv6, "nat66", ipv6, "ipv6to4",
                        ipv6, "nat64", ipv6),
                List.copyOf(spec));
    }

    private static List<IpAddress> secondary(Annotations read) {
        List<IpAddress> addresses = read.addresses("secondaryIPs");
        return addresses.size() <= SECONDARY_MAX
                ? addresses
                : read.bad("secondaryIPs", "give at most " + SECONDARY_MAX, addresses.subList(0, SECONDARY_MAX));
    }

    /** By annotation, or else by the spec; every address of the load balancer itself where the mode says so. */
    private static List<IpAddress> fixed(
            Service service, Annotations read, int mode, List<Family> families, Consumer<Notice> notices) {
        if (mode == HOST_ONE_ARM) {
            return families.stream()
                    .map(family -> new IpAddress(family, BigInteger.ZERO))
                    .toList();
        }
        List<IpAddress> addresses = new ArrayList<>(read.addresses("staticIP"));
        String asked = service.getSpec().getLoadBalancerIP();
        if (addresses.isEmpty() && asked != null && !asked.isBlank()) {
            spec("spec.loadBalancerIP", asked.strip(), addresses, notices);
        }
        if (addresses.isEmpty()) {
            Kube.list(service.getSpec().getExternalIPs())
                    .forEach(text -> spec("spec.externalIPs", text, addresses, notices));
        }
        addresses.removeIf(address -> {
            boolean foreign = !families.contains(address.family());
            if (foreign) {
                notices.accept(new Notice(
                        Notice.BAD_SPEC,
                        "address " + address + " is not given, the Service has no "
                                + address.family().text()
                                + ": add it to spec.ipFamilies, or ask for an address of "
                                + families.getFirst().text()));
            }
            return foreign;
        });
        return addresses;
    }

    private static void spec(String field, String text, List<IpAddress> addresses, Consumer<Notice> notices) {
        IpAddress.parse(text)
                .ifPresentOrElse(
                        addresses::add,
                        () -> notices.accept(new Notice(
                                Notice.BAD_SPEC,
                                field + "=" + text + " is not followed, give an IP address such as 192.168.80.200")));
    }

    private static Optional<Integer> instance(Annotations read, Options options) {
        String text = read.text("zoneinstance");
        String prefix = options.zone() + "-inst";
        String number = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        if (number.matches("\\d{1,4}") && Integer.parseInt(number) < options.instances()) {
            return Optional.of(Integer.parseInt(number));
        }
        return text.isEmpty()
                ? Optional.empty()
                : read.bad("zoneinstance", "give 0-" + (options.instances() - 1), Optional.empty());
    }

    private static RuleProbe probe(Annotations read) {
        String type = read.text("probetype");
        if (!type.isEmpty() && !PROBES.contains(type)) {
            type = read.bad("probetype", "give one of " + String.join(", ", PROBES), "");
        }
        return new RuleProbe(
                type,
                read.number("probeport", 1, PORT_MAX, 0),
                read.text("probereq"),
                read.text("proberesp"),
                read.number("probetimeout", 1, DAY_SECONDS, 0),
                read.number("proberetries", 1, RETRIES_MAX, 0));
    }
}
