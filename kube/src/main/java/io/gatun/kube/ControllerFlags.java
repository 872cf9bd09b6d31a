package io.gatun.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.gatun.kube.controller.Lease;
import io.gatun.kube.controller.Members;
import io.gatun.kube.desired.Options;
import io.gatun.kube.ipam.AddressRange;
import io.gatun.kube.ipam.Pools;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.FleetOptions;
import io.gatun.kube.model.IpAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The flags of kube-loxilb, and those of ours. All are texts until {@link #check}, so that all mistakes are told at once. */
final class ControllerFlags {
    private static final String POOL4 = "123.123.123.1/24";
    private static final String POOL6 = "3ffe:cafe::1/96";
    private static final int MODE_MAX = 5;
    private static final int INSTANCES_MAX = 64;
    private static final int REST_PORT = 11_111;

    @Option(
            names = "--externalCIDR",
            paramLabel = "CIDR",
            description = "addresses of the default pool, such as 192.168.80.200/32 (default: " + POOL4 + ")")
    String externalCidr = "";

    @Option(
            names = "--cidrPools",
            paramLabel = "NAME=CIDR,...",
            description =
                    "pools of IPv4 addresses, CIDRs or ranges FIRST-LAST; Services without a pool have defaultPool")
    String cidrPools = "";

    @Option(
            names = "--cidr6Pools",
            paramLabel = "NAME=CIDR,...",
            description = "pools of IPv6 addresses (default: defaultPool=" + POOL6 + ")")
    String cidr6Pools = "";

    @Option(
            names = "--setUniqueIP",
            arity = "0..1",
            fallbackValue = "true",
            description = "an address for each Service; else Services share one until their ports collide")
    String uniqueIp = "false";

    @Option(
            names = "--setLBMode",
            paramLabel = "0-5",
            description = "NAT mode of Services that say none: 0 default, 1 onearm, 2 fullnat, 3 dsr, 4 fullproxy, 5"
                    + " hostonearm (default: 0)")
    String mode = "0";

    @Option(
            names = "--loxiURL",
            paramLabel = "URL,...",
            description = "load balancers, such as http://192.168.80.9:11111 (default: found by --lb-service)")
    String loxiUrl = "";

    @Option(
            names = "--lb-service",
            paramLabel = "[NAMESPACE/]NAME",
            description = "headless Service whose ready endpoints are the load balancers (default: loxilb-lb-service)")
    String lbService = "loxilb-lb-service";

    @Option(
            names = "--monitor",
            arity = "0..1",
            fallbackValue = "true",
            description = "load balancers probe endpoints of Services that say nothing about it")
    String monitor = "false";

    @Option(
            names = "--setRoles",
            paramLabel = "ADDR",
            description = "choose a preferred master among the load balancers; 0.0.0.0 where no address is to be named")
    String setRoles = "";

    @Option(
            names = "--excludeRoleList",
            paramLabel = "ADDR,...",
            description = "load balancers that never become master")
    String excluded = "";

    @Option(
            names = "--zone",
            paramLabel = "NAME",
            description =
                    "Services that select another zone are left alone, and so are load balancers on nodes of another"
                            + " loxilb.io/zonelabel (default: llb)")
    String zone = Options.DEFAULT_ZONE;

    @Option(
            names = "--numZoneInstances",
            paramLabel = "N",
            description = "groups of addresses, each with a master of its own (default: 1)")
    String instances = "1";

    @Option(
            names = "--appendEPs",
            arity = "0..1",
            fallbackValue = "true",
            description = "controllers of several clusters give endpoints to the same rules: only own endpoints are"
                    + " attached and detached")
    String append = "false";

    @Option(
            names = "--privateCIDR",
            paramLabel = "CIDR",
            description = "addresses behind a NAT in front of the load balancers, one for each of the default pool")
    String privateCidr = "";

    @Option(
            names = "--usePodNetwork",
            arity = "0..1",
            fallbackValue = "true",
            description = "load balancers reach pods: send to them instead of to nodes")
    String podNetwork = "false";

    @Option(
            names = "--drain",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "keep pods that end without new connections, weight 0; loxilb counts no weights there, give"
                    + " false for it (default: true)")
    String drain = "true";

    @Option(
            names = {"--loadBalancerClass", "--load-balancer-class"},
            paramLabel = "CLASS",
            description = "Services of this class are served (default: loxilb.io/loxilb)")
    String loadBalancerClass = "loxilb.io/loxilb";

    @Option(
            names = "--vip-hostname",
            arity = "0..1",
            fallbackValue = "true",
            description = "show names such as llb-192.168.80.200 as kube-loxilb does, instead of addresses")
    String vipHostname = "false";

    @Option(
            names = "--noZoneName",
            arity = "0..1",
            fallbackValue = "true",
            description = "show addresses, which is the default here")
    String noZoneName = "true";

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "how to reach the cluster (default: the pod's own account, or KUBECONFIG)")
    String kubeconfig = "";

    @Option(
            names = "--lease",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "one of several replicas acts (default: true)")
    String lease = "true";

    @Option(names = "--lease-namespace", paramLabel = "NAME", description = "default: that of the pod")
    String leaseNamespace = "";

    @Option(
            names = "--lease-name",
            paramLabel = "NAME",
            description = "default: gatun-controller, with the zone where that is not llb")
    String leaseName = "";

    @Option(
            names = "--listen",
            paramLabel = "ADDR:PORT",
            description = "/readyz, /livez and /metrics (default: 0.0.0.0:8081)")
    String listen = "0.0.0.0:8081";

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warn, info, debug (default: info)")
    String logLevel = "info";

    @ArgGroup(validate = false, heading = "%nOf kube-loxilb, refused or without effect:%n")
    ForeignFlags foreign = new ForeignFlags();

    private final Map<String, Object> read = new LinkedHashMap<>();

    /** Reads all; each mistake is a sentence. */
    void check(List<String> problems) {
        foreign.check(problems);
        read.put("pools", pools(problems));
        integer("--setLBMode", mode, 0, MODE_MAX, problems);
        integer("--numZoneInstances", instances, 1, INSTANCES_MAX, problems);
        flag("--setUniqueIP", uniqueIp, problems);
        flag("--monitor", monitor, problems);
        flag("--appendEPs", append, problems);
        flag("--usePodNetwork", podNetwork, problems);
        flag("--drain", drain, problems);
        flag("--vip-hostname", vipHostname, problems);
        flag("--noZoneName", noZoneName, problems);
        flag("--lease", lease, problems);
        if (!zone.matches("[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?")) {
            problems.add("--zone=" + zone + " is no name of a zone, give small letters, digits and - such as east");
        }
        if (!loadBalancerClass.matches("\\S+")) {
            problems.add(
                    "--loadBalancerClass=" + loadBalancerClass + " is no class, give one such as loxilb.io/loxilb");
        }
        if (!setRoles.isEmpty() && IpAddress.parse(setRoles).isEmpty()) {
            problems.add(
                    "--setRoles=" + setRoles + " is no IP address, give 0.0.0.0 or the address of the load balancers");
        }
        parts(excluded)
                .filter(part -> IpAddress.parse(part).isEmpty())
                .forEach(part -> problems.add("--excludeRoleList: " + part
                        + " is no IP address, give those of load balancers such as 192.168.80.9"));
        read.put("private", privateRange(problems));
        read.put("members", members(problems));
        read.put("listen", listen(problems));
        if (!List.of("error", "warn", "info", "debug").contains(logLevel)) {
            problems.add("--log-level=" + logLevel + " is not known, give error, warn, info or debug");
        }
        if (!kubeconfig.isEmpty() && !Files.isReadable(Path.of(kubeconfig))) {
            problems.add("--kubeconfig=" + kubeconfig + " cannot be read, give a file that is there");
        }
    }

    private static Stream<String> parts(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).filter(part -> !part.isEmpty());
    }

    private void flag(String name, String text, List<String> problems) {
        if (!text.equals("true") && !text.equals("false")) {
            problems.add(name + "=" + text + " is neither true nor false, give one of them");
        }
        read.put(name, text.equals("true"));
    }

    private void integer(String name, String text, int low, int high, List<String> problems) {
        int value = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
        if (value < low || value > high) {
            problems.add(name + "=" + text + " is not possible, give " + low + "-" + high);
        }
        read.put(name, value);
    }

    private boolean is(String name) {
        return (Boolean) read.get(name);
    }

    private int number(String name) {
        return (Integer) read.get(name);
    }

    private Pools pools(List<String> problems) {
        List<String> ipv4 = new ArrayList<>();
        if (!externalCidr.isEmpty() || cidrPools.isEmpty()) {
            String cidr = externalCidr.isEmpty() ? POOL4 : externalCidr;
            if (cidr.indexOf('=') >= 0) {
                problems.add("--externalCIDR=" + cidr + " names a pool, give it to --cidrPools");
            } else {
                ipv4.add(cidr);
            }
        }
        Map<String, List<AddressRange>> pools = new LinkedHashMap<>();
        ipv4.forEach(text -> merge(pools, Pools.parse("--externalCIDR", text, Family.IPV4, problems)));
        if (!cidrPools.isEmpty()) {
            merge(pools, Pools.parse("--cidrPools", cidrPools, Family.IPV4, problems));
        }
        return new Pools(
                pools, Pools.parse("--cidr6Pools", cidr6Pools.isEmpty() ? POOL6 : cidr6Pools, Family.IPV6, problems));
    }

    private static void merge(Map<String, List<AddressRange>> pools, Map<String, List<AddressRange>> more) {
        more.forEach((name, ranges) ->
                pools.computeIfAbsent(name, ignored -> new ArrayList<>()).addAll(ranges));
    }

    private Optional<AddressRange> privateRange(List<String> problems) {
        Optional<AddressRange> range = AddressRange.parse(privateCidr);
        if (!privateCidr.isEmpty() && range.isEmpty()) {
            problems.add("--privateCIDR=" + privateCidr + " is no CIDR, give one such as 10.0.0.200/32");
        }
        return range;
    }

    private Members members(List<String> problems) {
        List<URI> urls = new ArrayList<>();
        parts(loxiUrl).forEach(part -> {
            if (part.matches("https?://(\\[[0-9a-fA-F:]+]|[^\\s/:?#@]+)(:\\d{1,5})?/?")) {
                urls.add(URI.create(part.endsWith("/") ? part.substring(0, part.length() - 1) : part));
            } else {
                problems.add("--loxiURL: " + part + " is no base URL, give one such as http://192.168.80.9:11111");
            }
        });
        String[] names = lbService.split("/", -1);
        if (names.length > 2 || !lbService.matches("[-a-z0-9./]+")) {
            problems.add("--lb-service=" + lbService + " is no Service, give NAME or NAMESPACE/NAME");
        }
        return new Members(
                urls,
                names[names.length - 1],
                names.length == 2 ? names[0] : "",
                REST_PORT,
                zone.equals(Options.DEFAULT_ZONE) ? "" : zone);
    }

    private InetSocketAddress listen(List<String> problems) {
        int colon = listen.lastIndexOf(':');
        String host =
                colon < 0 ? "" : listen.substring(0, colon).replace("[", "").replace("]", "");
        String port = listen.substring(colon + 1);
        if ((!host.isEmpty() && IpAddress.parse(host).isEmpty())
                || !port.matches("\\d{1,5}")
                || Integer.parseInt(port) > 65_535) {
            problems.add("--listen=" + listen + " is no address with a port, give one such as 0.0.0.0:8081");
            return new InetSocketAddress(0);
        }
        return host.isEmpty()
                ? new InetSocketAddress(Integer.parseInt(port))
                : new InetSocketAddress(host, Integer.parseInt(port));
    }

    Options options() {
        @SuppressWarnings("unchecked")
        Optional<AddressRange> privateRange = (Optional<AddressRange>) read.get("private");
        return new Options(
                loadBalancerClass,
                zone,
                number("--numZoneInstances"),
                (Pools) read.get("pools"),
                is("--setUniqueIP"),
                number("--setLBMode"),
                is("--monitor"),
                is("--usePodNetwork"),
                is("--drain"),
                is("--appendEPs"),
                privateRange);
    }

    Members members() {
        return (Members) read.get("members");
    }

    boolean hostNames() {
        return is("--vip-hostname") || !is("--noZoneName");
    }

    InetSocketAddress listen() {
        return (InetSocketAddress) read.get("listen");
    }

    FleetOptions fleet() {
        return new FleetOptions(
                setRoles,
                zone,
                number("--numZoneInstances"),
                parts(excluded).toList(),
                is("--setUniqueIP") && number("--numZoneInstances") > 1,
                is("--appendEPs"));
    }

    /** Few retries: what fails is decided anew by the controller, with pauses of its own. */
    KubernetesClient client() {
        ConfigBuilder config = kubeconfig.isEmpty()
                ? new ConfigBuilder()
                : new ConfigBuilder(Config.fromKubeconfig(Path.of(kubeconfig).toFile()));
        return new KubernetesClientBuilder()
                .withConfig(config.withRequestRetryBackoffLimit(1)
                        .withRequestTimeout(10_000)
                        .withConnectionTimeout(5_000)
                        .build())
                .build();
    }

    Lease lease(KubernetesClient client) {
        String name = zone.equals(Options.DEFAULT_ZONE) ? "gatun-controller" : "gatun-controller-" + zone;
        String own = client.getNamespace() == null ? "kube-system" : client.getNamespace();
        String host = System.getenv().getOrDefault("HOSTNAME", "controller");
        return Lease.usual(
                is("--lease"),
                leaseNamespace.isEmpty() ? own : leaseNamespace,
                leaseName.isEmpty() ? name : leaseName,
                host + "_" + UUID.randomUUID());
    }

    /** What the log says of flags before anything else. */
    void tell() {
        System.setProperty("gatun.log.level", logLevel);
        foreign.withoutEffect()
                .forEach(line -> LoggerFactory.getLogger(ControllerFlags.class).warn(line));
        if (externalCidr.isEmpty() && cidrPools.isEmpty()) {
            LoggerFactory.getLogger(ControllerFlags.class)
                    .warn("addresses are those of {}, as kube-loxilb has them: give your own by --externalCIDR", POOL4);
        }
    }

    void started(int port) {
        LoggerFactory.getLogger(ControllerFlags.class)
                .info(
                        "started: Services of class {}, zone {}, pools {}, load balancers {}, port {}",
                        loadBalancerClass,
                        zone,
                        ((Pools) read.get("pools")).names(),
                        loxiUrl.isEmpty() ? "of Service " + lbService : loxiUrl,
                        port);
    }
}
