package io.gatun.api.cli;

import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.model.ServiceArguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatun create lb}: one POST per protocol and port of the service. */
@Command(
        name = "lb",
        aliases = {"loadbalancer", "loadbalance", "lbrule"},
        description = "Create a load balancer rule.",
        mixinStandardHelpOptions = true)
final class CreateLbCommand implements Callable<Integer> {
    private static final Pattern ENDPOINT =
            Pattern.compile("(?:\\[(?<bracketed>[^\\]]*)\\]|(?<plain>[^\\[\\]]*?))(?::(?<weight>\\d{1,9}))?");

    @Spec
    CommandSpec spec;

    @ParentCommand
    CreateCommand parent;

    @Parameters(paramLabel = "IP", description = "the VIP")
    String vip;

    @Option(
            names = "--tcp",
            split = ",",
            paramLabel = "PORT:TARGETPORT",
            description = "TCP ports, also a range such as 1000-2000:8080; target port 0 keeps a range's port")
    List<String> tcp = List.of();

    @Option(names = "--udp", split = ",", paramLabel = "PORT:TARGETPORT", description = "UDP ports")
    List<String> udp = List.of();

    @Option(names = "--sctp", split = ",", paramLabel = "PORT:TARGETPORT", description = "SCTP ports")
    List<String> sctp = List.of();

    @Option(names = "--icmp", description = "ICMP")
    boolean icmp;

    @Option(
            names = "--endpoints",
            split = ",",
            paramLabel = "IP:WEIGHT",
            description = "servers and their weights; of IPv6 as [2001:db8::11]:1 or 2001:db8::11:1")
    List<String> endpoints = List.of();

    @Option(
            names = "--mode",
            defaultValue = "default",
            description = "default, onearm, fullnat, dsr, fullproxy, hostonearm (default: ${DEFAULT-VALUE})")
    String mode;

    @Option(
            names = "--select",
            defaultValue = "rr",
            description = "rr, hash, priority, persist, lc, n2, n3 (default: ${DEFAULT-VALUE})")
    String select;

    @Option(names = "--inatimeout", paramLabel = "SECONDS", description = "forget idle connections after this time")
    int idleTimeoutS;

    @Option(names = "--name", defaultValue = "", description = "free text")
    String name;

    @Option(names = "--mark", description = "tells rules of the same VIP, protocol and port apart")
    long mark;

    @Option(names = "--monitor", description = "probe the endpoints")
    boolean monitor;

    @Mixin
    ProbeOptions probe;

    @Option(names = "--bgp", description = "announce by BGP")
    boolean bgp;

    @Option(names = "--host", defaultValue = "", description = "host name of an HTTP rule")
    String host;

    @Option(names = "--sources", split = ",", paramLabel = "CIDR", description = "networks that may use it")
    List<String> sources = List.of();

    @Option(
            names = "--privateIP",
            paramLabel = "IP",
            defaultValue = "",
            description = "source of --mode=fullnat instead of the VIP")
    String privateIp;

    @Option(names = "--secips", split = ",", paramLabel = "IP", description = "further VIPs of an SCTP rule")
    List<String> secondaryIps = List.of();

    @Option(names = "--ppv2en", description = "proxy protocol version 2")
    boolean proxyProtocol;

    @Option(names = "--attachEP", description = "add the endpoints to the rule that is there")
    boolean attach;

    @Option(names = "--detachEP", description = "take the endpoints out of the rule that is there")
    boolean detach;

    @Override
    public Integer call() {
        Map<String, Map<PortPair, List<Integer>>> services = new LinkedHashMap<>();
        services.put("tcp", PortPair.withTargets(spec, "--tcp", tcp));
        services.put("udp", PortPair.withTargets(spec, "--udp", udp));
        services.put("sctp", PortPair.withTargets(spec, "--sctp", sctp));
        services.put("icmp", icmp ? Map.of(new PortPair(0, 0), List.of(0)) : Map.of());
        List<LoadBalancer> requests = new ArrayList<>();
        services.forEach(
                (protocol, ports) -> ports.forEach((pair, targets) -> requests.add(request(protocol, pair, targets))));
        if (requests.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no ports are given, give --tcp, --udp or --sctp such as --tcp=80:8080, or --icmp");
        }
        if (attach && detach) {
            throw new ParameterException(spec.commandLine(), "--attachEP and --detachEP exclude each other, give one");
        }
        RestClient client = parent.api.client();
        for (LoadBalancer request : requests) {
            spec.commandLine().getOut().println(client.post(RestClient.NETLOX + "/config/loadbalancer", request));
        }
        return Gatun.EXIT_OK;
    }

    private LoadBalancer request(String protocol, PortPair pair, List<Integer> targets) {
        ServiceArguments arguments = new ServiceArguments(
                vip,
                privateIp,
                pair.port(),
                pair.portMax(),
                protocol,
                Codes.SELECT.code(spec, "--select", select),
                Codes.MODE.code(spec, "--mode", mode),
                0,
                bgp,
                monitor,
                probe.type,
                probe.port,
                probe.request,
                probe.response,
                probe.periodS,
                probe.retries,
                false,
                mark,
                idleTimeoutS,
                name,
                false,
                attach ? 1 : detach ? 2 : 0,
                host,
                proxyProtocol,
                false,
                probe.intervalMs,
                probe.timeoutMs,
                probe.rise);
        List<LoadBalancer.Endpoint> servers = new ArrayList<>();
        for (String endpoint : endpoints) {
            for (int target : targets) {
                servers.add(endpoint(endpoint, target));
            }
        }
        return new LoadBalancer(
                arguments,
                secondaryIps.stream().map(LoadBalancer.SecondaryIp::new).toList(),
                sources.stream().map(LoadBalancer.AllowedSource::new).toList(),
                servers,
                null);
    }

    /** What stands behind the last colon is the weight, as loxicmd has it, be the address IPv4 or IPv6. */
    private LoadBalancer.Endpoint endpoint(String text, int target) {
        Matcher matcher = ENDPOINT.matcher(text);
        boolean cut = matcher.matches()
                && matcher.group("weight") == null
                && text.contains(":")
                && !text.startsWith("[")
                && IpLiteral.parse(text).isEmpty();
        if (cut || !matcher.matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--endpoints=" + text + ", give IP:WEIGHT such as 192.168.80.11:1 or [2001:db8::11]:1");
        }
        String address = matcher.group("bracketed") == null ? matcher.group("plain") : matcher.group("bracketed");
        String weight = matcher.group("weight");
        return new LoadBalancer.Endpoint(address, target, weight == null ? 1 : Integer.parseInt(weight), "", "");
    }
}
