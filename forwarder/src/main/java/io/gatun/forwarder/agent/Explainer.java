package io.gatun.forwarder.agent;

import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.SourcePrefix;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.nexthop.NextHop;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.AccessList;
import io.gatun.forwarder.pipeline.Clients;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.Source;
import io.gatun.forwarder.pipeline.SourceFilter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Takes an imagined packet through the live tables and says at each step what they hold. Changes nothing. */
final class Explainer {
    private static final String FORWARD = "forward";
    private static final String ANSWER = "answer";
    private static final String PASS = "pass";
    private static final String DROP = "drop";

    private final ForwardingTables tables;
    private final FlowTable flows;
    private final ServiceBook services;
    private final List<Steered> interfaces;
    private final IntFunction<String> linkNames;
    private final List<Explanation.Step> steps = new ArrayList<>();

    /** An interface that is served, with what its steering program was told. */
    record Steered(String name, int index, IoEngine engine, SteeringPlan plan) {}

    /**
     * For one packet.
     *
     * @param linkNames name of a link by its ifindex
     */
    Explainer(
            ForwardingTables tables,
            FlowTable flows,
            ServiceBook services,
            List<Steered> interfaces,
            IntFunction<String> linkNames) {
        this.tables = tables;
        this.flows = flows;
        this.services = services;
        this.interfaces = interfaces;
        this.linkNames = linkNames;
    }

    Explanation explain(ExplainQuery query) {
        int protocol = ServiceBook.protocolNumber(query.protocol(), query.destination());
        if (!steering(query, protocol)) {
            return end(PASS, null);
        }
        int ports = query.sourcePort() << 16 | query.destinationPort();
        FlowSlot flow = find(query, ports, protocol);
        if (flow == null || !flow.isReply()) {
            AccessList.Entry entry =
                    tables.access().find(Addresses.high(query.source()), Addresses.low(query.source()));
            if (entry != null && !entry.allowed()) {
                return dropped(DropReason.FIREWALL, "a firewall rule drops " + network(entry.network()));
            }
        }
        if (flow != null) {
            return known(flow, query.protocol());
        }
        Service service = tables.services()
                .find(
                        Addresses.high(query.destination()),
                        Addresses.low(query.destination()),
                        query.destinationPort(),
                        protocol);
        rule(service, query);
        step("flow", noFlow(query));
        return service == null ? unwanted(query) : opened(service, query, ports);
    }

    private static String network(SourceFilter.Network network) {
        InetAddress address = Addresses.of(network.high(), network.low());
        int bits = network.length() - (2 * Long.SIZE - Addresses.bits(address));
        return new SourcePrefix(address, bits).toString();
    }

    /** Interfaces that say the same share a step. */
    private boolean steering(ExplainQuery query, int protocol) {
        Map<SteeringVerdict, List<String>> verdicts = new LinkedHashMap<>();
        for (Steered one : interfaces) {
            verdicts.computeIfAbsent(SteeringVerdict.of(one.plan(), query, protocol), verdict -> new ArrayList<>())
                    .add(one.name() + " (" + one.engine().text() + ")");
        }
        verdicts.forEach((verdict, names) -> step("steering", String.join(", ", names) + ": " + verdict.text()));
        return verdicts.keySet().stream().anyMatch(SteeringVerdict::ours);
    }

    private void rule(Service service, ExplainQuery query) {
        if (service == null) {
            String what = query.protocol() == Protocol.ICMP ? "echo to " : "";
            step(
                    "rule",
                    "no rule has " + query.protocol().text() + " " + what
                            + end(query.protocol(), query.destination(), query.destinationPort()));
            return;
        }
        ServiceBook.Entry entry = services.byId(service.id());
        ServiceSpec spec = entry.spec();
        String here = spec.key().vip().isAnyLocalAddress() ? ", which stands for this node's addresses" : "";
        step(
                "rule",
                entry.text() + here + ", mode " + spec.mode().code() + " (" + word(spec.mode()) + "), "
                        + spec.endpoints().size() + (spec.endpoints().size() == 1 ? " endpoint" : " endpoints"));
    }

    private static String noFlow(ExplainQuery query) {
        String tuple = end(query.protocol(), query.source(), query.sourcePort()) + " > "
                + end(query.protocol(), query.destination(), query.destinationPort());
        return "no connection in the table has " + tuple
                + switch (query.protocol()) {
                    case TCP -> ", so this is the SYN that would open it: any other segment is refused with RST";
                    case SCTP -> ", so this is the INIT that would open it: any other chunk is refused with ABORT";
                    case UDP -> ", so this packet would be the first";
                    case ICMP -> " with identifier " + query.sourcePort() + ", so this echo request would be the first";
                };
    }

    private Explanation known(FlowSlot flow, Protocol protocol) {
        ServiceBook.Entry entry = services.byId(flow.serviceId());
        step("rule", entry == null ? "the rule of this connection is gone" : entry.text() + ", by its connection");
        step(
                "flow",
                "known, state " + FlowStates.name(flow.tcpState()) + ", " + flow.packets() + " packets"
                        + (flow.isReply() ? ", from the endpoint" : ", from the client")
                        + (!flow.isReply() && FlowStates.isOver(flow.tcpState())
                                ? "; it is over, and a packet that opens a connection would begin a new one"
                                : ""));
        InetAddress from = FlowAddresses.newSource(flows, flow);
        InetAddress to = FlowAddresses.newDestination(flows, flow);
        if ((flow.flags() & FlowSlot.FLAG_TUNNEL) != 0) {
            step("rewrite", inTunnel(from, to));
        } else if ((flow.flags() & FlowSlot.FLAG_DIRECT) != 0) {
            step("rewrite", onlyMac(to));
        } else {
            boolean echo = protocol == Protocol.ICMP;
            int identifier = flow.isReply() ? flow.newPorts() & 0xFFFF : flow.newPorts() >>> 16;
            step(
                    "rewrite",
                    translation(FlowAddresses.source(flow), to)
                            + end(protocol, from, flow.newPorts() >>> 16) + " > "
                            + end(protocol, to, flow.newPorts() & 0xFFFF)
                            + (echo ? ", identifier " + identifier : ""));
        }
        return nextHop(to);
    }

    private Explanation unwanted(ExplainQuery query) {
        long high = Addresses.high(query.destination());
        long low = Addresses.low(query.destination());
        if (!tables.services().owns(high, low)) {
            step("rewrite", "none, it goes on as through any router");
            return nextHop(query.destination());
        }
        if (!tables.services().answersFor(high, low)) {
            return standby(query.destination());
        }
        if (query.protocol() == Protocol.ICMP) {
            step("rewrite", "this node answers the echo request itself");
            return end(ANSWER, null);
        }
        String refusal = switch (query.protocol()) {
            case TCP -> "RST";
            case SCTP -> "ABORT";
            default -> "port-unreachable";
        };
        return dropped(
                DropReason.NO_SERVICE,
                "refused with " + refusal
                        + " as a host would, up to the limit, and not in the second after a takeover");
    }

    private Explanation opened(Service service, ExplainQuery query, int ports) {
        if (!service.admitsNewFlows()) {
            return standby(query.destination());
        }
        ServiceSpec spec = services.byId(service.id()).spec();
        if (!spec.allowedSources().isEmpty() && !isAllowed(service, spec, query.source())) {
            return dropped(
                    DropReason.SOURCE_DENIED,
                    AddressText.of(query.source()) + " is in none of the allowed sources "
                            + spec.allowedSources().stream()
                                    .map(SourcePrefix::toString)
                                    .collect(Collectors.joining(", ")));
        }
        int chosen = service.sticky()
                ? Clients.peek(flows, service, Addresses.high(query.source()), Addresses.low(query.source()))
                : service.policy().peek(hash(query, ports, service.protocol()));
        if (chosen == Policy.NONE) {
            return dropped(DropReason.NO_ENDPOINT, "no endpoint of the rule has a weight above 0 and is healthy");
        }
        EndpointSpec endpoint = spec.endpoints().get(chosen);
        int port = endpoint.port() == 0 ? query.destinationPort() : endpoint.port();
        step(
                "endpoint",
                "number " + (chosen + 1) + " of " + spec.endpoints().size() + " would be chosen by "
                        + by(spec.selection()) + ": "
                        + end(query.protocol(), endpoint.address(), port));
        step("rewrite", rewrite(service.endpoints(), chosen, query, endpoint.address(), port));
        return nextHop(endpoint.address());
    }

    private static String by(Selection selection) {
        return switch (selection) {
            case HASH -> "the hash of the connection";
            case PERSIST -> "the address of the client";
            case PRIORITY -> "weighted round robin";
            case LEAST_CONNECTIONS -> "the fewest connections";
            case ROUND_ROBIN, N2, N3 -> "round robin";
        };
    }

    /** Asks the filter of the packet path, and names the network that it went by. */
    private boolean isAllowed(Service service, ServiceSpec spec, InetAddress source) {
        int length = service.allowed().longest(Addresses.high(source), Addresses.low(source));
        if (length < 0) {
            return false;
        }
        int bits = length - (2 * Long.SIZE - Addresses.bits(source));
        spec.allowedSources().stream()
                .filter(prefix -> prefix.length() == bits && Addresses.sameSubnet(prefix.address(), source, bits))
                .findFirst()
                .ifPresent(prefix -> step("rule", AddressText.of(source) + " is allowed by " + prefix));
        return true;
    }

    private static String rewrite(Endpoints endpoints, int chosen, ExplainQuery query, InetAddress to, int port) {
        Protocol protocol = query.protocol();
        Source source = endpoints.source(chosen);
        return switch (endpoints.way(chosen)) {
            case KEEP_SOURCE -> end(protocol, query.source(), query.sourcePort()) + " > " + end(protocol, to, port);
            case OWN_SOURCE ->
                translation(query.source(), to) + AddressText.of(Addresses.of(source.high(), source.low()))
                        + (protocol == Protocol.ICMP ? " with an identifier of " : " with a port of ")
                        + source.ports().first() + "-" + source.ports().last() + " > " + end(protocol, to, port);
            case DIRECT -> onlyMac(to);
            case TUNNEL -> inTunnel(Addresses.of(source.high(), source.low()), to);
        };
    }

    private static String translation(InetAddress from, InetAddress to) {
        if (SnatPolicy.sameFamily(from, to)) {
            return "";
        }
        return from instanceof Inet6Address ? "from IPv6 to IPv4 (NAT64), " : "from IPv4 to IPv6 (NAT64), ";
    }

    private static String onlyMac(InetAddress to) {
        return "none but the MAC, which becomes that of " + AddressText.of(to) + ", who answers the client itself";
    }

    private static String inTunnel(InetAddress from, InetAddress to) {
        return "none, but an outer header " + AddressText.of(from) + " > " + AddressText.of(to)
                + ", who answers the client itself";
    }

    private Explanation nextHop(InetAddress to) {
        NextHop hop = new NextHop();
        long high = Addresses.high(to);
        long low = Addresses.low(to);
        NextHopTable nextHops = tables.nextHops();
        int found =
                NextHopTable.isMapped(high, low) ? nextHops.lookup((int) low, hop) : nextHops.lookup6(high, low, hop);
        if (found == NextHopTable.UNREACHABLE) {
            return dropped(DropReason.NO_ROUTE, "no route leads to " + AddressText.of(to));
        }
        if (found == NextHopTable.LOCAL || !isServed(nextHops, hop.ifindex())) {
            String what = found == NextHopTable.LOCAL ? "this node itself" : "behind " + linkNames.apply(hop.ifindex());
            if (!tables.local().isPresent()) {
                return dropped(
                        DropReason.NO_ROUTE, AddressText.of(to) + " is " + what + ", and there is no local pair");
            }
            step("next-hop", AddressText.of(to) + " is " + what + ": the host takes it out of " + LocalPair.HOST_SIDE);
            return end(FORWARD, null);
        }
        InetAddress gateway = Addresses.of(hop.high(), hop.low());
        String via = gateway.equals(to) ? "on the link" : "by " + AddressText.of(gateway);
        step(
                "next-hop",
                AddressText.of(to) + " " + via + " through " + linkNames.apply(hop.ifindex()) + ", MAC "
                        + (hop.mac() < 0 ? "not known yet: the packet would wait for it" : MacText.of(hop.mac()))
                        + (hop.mtu() > 0 ? ", MTU " + hop.mtu() : ""));
        return end(FORWARD, null);
    }

    private boolean isServed(NextHopTable nextHops, int link) {
        return interfaces.stream()
                .anyMatch(served -> served.index() == link || served.index() == nextHops.parent(link));
    }

    private FlowSlot find(ExplainQuery query, int ports, int protocol) {
        int hash = hash(query, ports, protocol);
        long sourceHigh = Addresses.high(query.source());
        long sourceLow = Addresses.low(query.source());
        long high = Addresses.high(query.destination());
        long low = Addresses.low(query.destination());
        long slot = NextHopTable.isMapped(high, low)
                ? flows.find((int) sourceLow, (int) low, ports, protocol, hash)
                : flows.find6(sourceHigh, sourceLow, high, low, ports, protocol, hash);
        return slot < 0 ? null : flows.wrap(new FlowSlot(), slot);
    }

    private static int hash(ExplainQuery query, int ports, int protocol) {
        long high = Addresses.high(query.destination());
        long low = Addresses.low(query.destination());
        return NextHopTable.isMapped(high, low)
                ? FlowTable.hash((int) Addresses.low(query.source()), (int) low, ports, protocol)
                : FlowTable.hash6(
                        Addresses.high(query.source()), Addresses.low(query.source()), high, low, ports, protocol);
    }

    private Explanation standby(InetAddress vip) {
        return dropped(DropReason.NOT_MASTER, "this node is not the master of " + AddressText.of(vip));
    }

    private Explanation dropped(DropReason reason, String why) {
        step("drop", reason.label() + ": " + why);
        return end(DROP, reason);
    }

    private Explanation end(String verdict, DropReason reason) {
        return new Explanation(steps, verdict, reason == null ? "" : reason.label());
    }

    private void step(String stage, String text) {
        steps.add(new Explanation.Step(stage, text));
    }

    private static String word(NatMode mode) {
        return switch (mode) {
            case DNAT -> "DNAT";
            case ONE_ARM -> "one-arm";
            case FULL_NAT -> "full-NAT";
            case DSR -> "direct server return";
            case FULL_PROXY -> "full proxy";
            case HOST_ONE_ARM -> "host-one-arm";
        };
    }

    /** One end of a connection; ICMP has no ports. */
    static String end(Protocol protocol, InetAddress address, int port) {
        return protocol == Protocol.ICMP ? AddressText.of(address) : AddressText.of(address, port);
    }
}
