package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.Frame.Packet.error;
import static io.gatun.forwarder.bpf.Frame.Packet.icmp;
import static io.gatun.forwarder.bpf.Frame.Packet.sctp;
import static io.gatun.forwarder.bpf.Frame.Packet.tcp;
import static io.gatun.forwarder.bpf.Frame.Packet.udp;
import static io.gatun.forwarder.bpf.Frame.SCTP;
import static io.gatun.forwarder.bpf.Frame.TCP;
import static io.gatun.forwarder.bpf.Frame.UDP;
import static io.gatun.forwarder.bpf.Frame.address;

import java.util.ArrayList;
import java.util.List;

/** What is ours and what is the host's, as sentences, in one address family. Both families share what they can. */
final class SteeringCases {
    static final SteeringCases IPV4 = new SteeringCases(false);
    static final SteeringCases IPV6 = new SteeringCases(true);

    static final int ESP = 50;
    static final int HOP_BY_HOP = 0;
    static final int ROUTING = 43;
    static final int DESTINATION_OPTIONS = 60;

    final String client;
    final String router;
    final String vip;
    final String node;
    final String shared;
    final String pinging;
    final String plain;
    final String both;
    final String endpoint;
    final String unknown;

    private final boolean ipv6;
    private final int request;
    private final int reply;
    private final int unreachable;
    private final int timeExceeded;
    private final int parameterProblem;
    private final List<Case> cases = new ArrayList<>();

    private SteeringCases(boolean ipv6) {
        this.ipv6 = ipv6;
        client = host(10);
        router = host(254);
        vip = host(200);
        node = host(1);
        shared = host(2);
        pinging = host(3);
        plain = host(4);
        both = host(5);
        endpoint = host(11);
        unknown = host(99);
        request = ipv6 ? 128 : 8;
        reply = ipv6 ? 129 : 0;
        unreachable = ipv6 ? 1 : 3;
        timeExceeded = ipv6 ? 3 : 11;
        parameterProblem = ipv6 ? 4 : 12;
        ownAll();
        services();
        snat();
        endpoints();
        frames();
        if (ipv6) {
            ipv6Only();
        } else {
            ours("IP options to a VIP", tcp(client, 4000, vip, 80).options(40));
            ours("IP options to a service", tcp(client, 4000, shared, 80).options(4));
            ours("IP options to a SNAT port", tcp(endpoint, 1, node, 10_000).options(12));
            ours(
                    "an endpoint's reply with IP options",
                    tcp(endpoint, 8080, client, 4000).options(4));
            Frame.Packet quoted = udp(node, 10_001, endpoint, 53);
            ours("an error that quotes IP options", error(router, node, 3, quoted.options(40)));
            ours(
                    "an error with options that quotes options",
                    error(router, node, 3, quoted.options(8)).options(40));
            hosts("a redirect", error(router, node, 5, tcp(node, 10_001, endpoint, 80)));
        }
    }

    record Case(String sentence, Frame frame, boolean ours) {
        @Override
        public String toString() {
            return (frame.packet().isIpv6() ? "IPv6, " : "IPv4, ") + sentence + (ours ? ": ours" : ": the host's");
        }
    }

    static List<Case> all() {
        List<Case> all = new ArrayList<>(IPV4.cases);
        all.addAll(IPV6.cases);
        return all;
    }

    static void configure(Steering steering) {
        IPV4.fill(steering);
        IPV6.fill(steering);
    }

    private String host(int number) {
        return ipv6 ? "2001:db8:80::" + Integer.toHexString(number) : "192.168.80." + number;
    }

    private void fill(Steering steering) {
        int icmp = ipv6 ? Frame.ICMPV6 : Frame.ICMP;
        steering.putAddress(address(vip), Steering.OWN_ALL, 0, 0);
        steering.putAddress(address(node), Steering.LOCAL | Steering.SNAT, 10_000, 29_999);
        steering.putAddress(address(pinging), Steering.SNAT | Steering.HOST_ECHO, 10_000, 29_999);
        steering.putAddress(address(shared), Steering.SERVICES, 0, 0);
        steering.putAddress(address(both), Steering.SERVICES | Steering.SNAT, 10_000, 29_999);
        steering.putAddress(address(plain), Steering.LOCAL, 0, 0);
        steering.putService(address(shared), 80, TCP);
        steering.putService(address(shared), 53, UDP);
        steering.putService(address(shared), 5060, SCTP);
        steering.putService(address(both), 80, TCP);
        steering.putService(address(both), 0, icmp);
        steering.putEndpoint(address(endpoint), 8080, TCP);
        steering.putEndpoint(address(endpoint), 5353, UDP);
        steering.putEndpoint(address(endpoint), 5060, SCTP);
        steering.putEndpoint(address(endpoint), 0, icmp);
    }

    private void ownAll() {
        ours("TCP to a VIP, any port", tcp(client, 4000, vip, 1));
        ours("UDP to a VIP", udp(client, 4000, vip, 53));
        ours("SCTP to a VIP", sctp(client, 4000, vip, 5060));
        ours("echo request to a VIP", icmp(client, vip, request, 7));
        ours("an error to a VIP", error(router, vip, timeExceeded, tcp(vip, 1, client, 4000)));
        ours("a protocol nobody serves to a VIP", tcp(client, 0, vip, 0).protocol(ESP));
        ours("a first fragment to a VIP", udp(client, 4000, vip, 80).firstFragment());
        ours("a later fragment to a VIP", udp(client, 4000, vip, 80).laterFragment());
        ours("an endpoint's packet to a VIP", tcp(endpoint, 8080, vip, 20_000));
    }

    private void services() {
        ours("TCP to a service of a shared VIP", tcp(client, 4000, shared, 80));
        ours("UDP to a service of a shared VIP", udp(client, 4000, shared, 53));
        ours("SCTP to a service of a shared VIP", sctp(client, 4000, shared, 5060));
        ours("a first fragment to a service", udp(client, 4000, shared, 53).fragment(0, true, 77));
        ours("an error about a service's reply", error(router, shared, unreachable, tcp(shared, 80, client, 4000)));
        ours("an error about an SCTP reply", error(router, shared, unreachable, sctp(shared, 5060, client, 4000)));
        ours("a service of an address with SNAT", tcp(client, 4000, both, 80));
        ours("echo request where echo is a service", icmp(client, both, request, 7));
        ours("an error about that echo's reply", error(router, both, timeExceeded, icmp(both, client, reply, 7)));

        hosts("another port of a shared VIP", tcp(client, 4000, shared, 22));
        hosts("the service's port of another protocol", udp(client, 4000, shared, 80));
        hosts("the service's port in SCTP", sctp(client, 4000, shared, 80));
        hosts("a protocol without ports", tcp(client, 4000, shared, 80).protocol(ESP));
        hosts("echo request to a shared VIP", icmp(client, shared, request, 7));
        hosts(
                "a later fragment of something unknown to a shared VIP",
                udp(client, 1, shared, 53).laterFragment());
        hosts("an error about the host's own", error(router, shared, unreachable, tcp(shared, 40_000, client, 80)));
        hosts("an echo reply, though echo is a service", icmp(client, both, reply, 7));
    }

    private void snat() {
        ours("a TCP reply at the lowest SNAT port", tcp(endpoint, 1, node, 10_000));
        ours("a UDP reply at the highest SNAT port", udp(endpoint, 1, node, 29_999));
        ours("an SCTP reply at a SNAT port", sctp(endpoint, 1, node, 20_000));
        ours("an echo reply with a SNAT identifier", icmp(endpoint, node, reply, 12_345));
        ours("unreachable about SNATed UDP", error(endpoint, node, unreachable, udp(node, 10_001, endpoint, 53)));
        ours("time exceeded about SNATed TCP", error(router, node, timeExceeded, tcp(node, 10_001, endpoint, 80)));
        ours("a problem with SNATed TCP", error(router, node, parameterProblem, tcp(node, 10_001, endpoint, 80)));
        ours("an error about a SNATed echo", error(router, node, unreachable, icmp(node, endpoint, request, 10_001)));
        ours("a SNAT port of an address with services", udp(endpoint, 1, both, 10_000));
        ours("a SNAT port where the host keeps its pings", tcp(endpoint, 1, pinging, 10_000));

        hosts("a port below the range", tcp(endpoint, 80, node, 9_999));
        hosts("a port above the range", tcp(endpoint, 80, node, 30_000));
        hosts("ssh to the node", tcp(client, 40_000, node, 22));
        hosts("echo request to the node", icmp(client, node, request, 12_345));
        hosts("an echo reply with another identifier", icmp(endpoint, node, reply, 7));
        hosts("an echo reply where the host keeps its pings", icmp(endpoint, pinging, reply, 12_345));
        hosts(
                "an error about such a ping",
                error(router, pinging, unreachable, icmp(pinging, endpoint, request, 12_345)));
        hosts("an error about another address", error(router, node, unreachable, tcp(client, 10_001, endpoint, 80)));
        hosts("an error about the host's own", error(router, node, unreachable, tcp(node, 40_000, endpoint, 80)));
        hosts(
                "an error that quotes a later fragment",
                error(router, node, unreachable, udp(node, 10_001, endpoint, 53).laterFragment()));
        hosts(
                "a later fragment of something unknown to the node",
                tcp(endpoint, 1, node, 10_000).laterFragment());
    }

    private void endpoints() {
        ours("an endpoint's TCP reply to a client", tcp(endpoint, 8080, client, 4000));
        ours("an endpoint's UDP reply to a client", udp(endpoint, 5353, client, 4000));
        ours("an endpoint's SCTP reply to a client", sctp(endpoint, 5060, client, 4000));
        ours("an endpoint's echo reply to a client", icmp(endpoint, client, reply, 7));
        ours("its closed port, told to a client", error(endpoint, client, unreachable, udp(client, 9, endpoint, 5353)));
        ours(
                "an error about a client's echo to it",
                error(router, client, timeExceeded, icmp(client, endpoint, request, 7)));

        hosts("an endpoint's ssh to a client", tcp(endpoint, 22, client, 4000));
        hosts("an endpoint's reply to the node itself", tcp(endpoint, 8080, plain, 40_000));
        hosts("an endpoint's own ping of a client", icmp(endpoint, client, request, 7));
        hosts(
                "a later fragment of something unknown from it",
                udp(endpoint, 1, client, 4000).laterFragment());
        hosts("a client's packet to an endpoint", tcp(client, 4000, endpoint, 8080));
        hosts("traffic between two clients", tcp(client, 8080, unknown, 8080));
    }

    private void frames() {
        Frame toVip = Frame.of(tcp(client, 4000, vip, 80));
        Frame toService = Frame.of(udp(client, 4000, shared, 53));
        add("a VIP in an 802.1Q tag", toVip.tagged(0x8100), true);
        add("a VIP in an 802.1ad tag", toVip.tagged(0x88a8), true);
        add("a service in an 802.1Q tag", toService.tagged(0x8100), true);
        add(
                "an endpoint's reply in a tag",
                Frame.of(udp(endpoint, 5353, client, 1)).tagged(0x8100),
                true);

        add("another port in a tag", Frame.of(udp(client, 4000, shared, 54)).tagged(0x8100), false);
        add("two tags", toVip.tagged(0x88a8).tagged(0x8100), false);
        add("MPLS, some bits of whose type are those of a tag's", toVip.tagged(0x8847), false);
        add("ARP", toVip.as(0x0806), false);
        add("ARP in a tag", toVip.as(0x0806).tagged(0x8100), false);
        add("the other version's ethertype", toVip.as(ipv6 ? 0x0800 : 0x86dd), false);
        add("a group MAC address", toVip.toGroup(), false);
        hosts("an unknown destination", tcp(client, 4000, unknown, 80));
        hosts("a plain address of the node", tcp(client, 4000, plain, 22));
    }

    private void ipv6Only() {
        ours("packet too big about a service's reply", error(router, shared, 2, tcp(shared, 80, client, 4000)));
        ours("hop-by-hop options to a VIP", tcp(client, 4000, vip, 80).extended(HOP_BY_HOP, 8));
        for (int type : new int[] {HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS}) {
            ours(
                    "extension " + type + " to a service",
                    tcp(client, 4000, shared, 80).extended(type, 24));
            hosts(
                    "extension " + type + " to another port",
                    tcp(client, 4000, shared, 81).extended(type, 24));
            ours(
                    "extension " + type + " to a SNAT port",
                    udp(endpoint, 1, node, 10_000).extended(type, 8));
            ours(
                    "extension " + type + " from an endpoint",
                    udp(endpoint, 5353, client, 4000).extended(type, 64));
            ours(
                    "an error that quotes extension " + type,
                    error(router, node, 1, udp(node, 10_001, endpoint, 53).extended(type, 16)));
        }
        Frame.Packet quoted = udp(node, 10_001, endpoint, 53).extended(HOP_BY_HOP, 8);
        ours("an error that quotes two extensions", error(router, node, 1, quoted.firstFragment()));
        hosts(
                "an error that quotes three extensions",
                error(router, node, 1, quoted.firstFragment().extended(DESTINATION_OPTIONS, 8)));
        Frame.Packet all = sctp(client, 4000, shared, 5060)
                .extended(HOP_BY_HOP, 8)
                .extended(DESTINATION_OPTIONS, 8)
                .extended(ROUTING, 24);
        ours("three extensions and a fragment that is whole", all.fragment(0, false, 9));
        ours("the longest chain that is walked", all.extended(DESTINATION_OPTIONS, 8));
        hosts("a chain that is longer", all.extended(DESTINATION_OPTIONS, 8).extended(DESTINATION_OPTIONS, 8));
        hosts("a chain that ends in no next header", tcp(client, 1, shared, 80).protocol(59));
        neighbourDiscovery();
    }

    private void neighbourDiscovery() {
        for (String destination : new String[] {vip, shared, node, unknown}) {
            for (int type = 130; type <= 137; type++) {
                hosts("ICMPv6 " + type + " to " + destination, icmp(client, destination, type, 0));
            }
            hosts(
                    "an MLD report to " + destination,
                    icmp(client, destination, 143, 0).extended(HOP_BY_HOP, 8));
            hosts(
                    "an MLD query to " + destination,
                    icmp(client, destination, 130, 0).extended(HOP_BY_HOP, 8));
        }
        ours("another ICMPv6 type to a VIP", icmp(client, vip, 138, 0));
        ours(
                "echo behind hop-by-hop options to a VIP",
                icmp(client, vip, request, 0).extended(HOP_BY_HOP, 8));
        hosts("an endpoint's packet to a link-local address", tcp(endpoint, 8080, "fe80::10", 4000));
        hosts("an endpoint's packet to another link-local address", tcp(endpoint, 8080, "febf::10", 4000));
        ours("an endpoint's packet to an address beside them", tcp(endpoint, 8080, "fec0::10", 4000));
        hosts("an endpoint's packet to a group", udp(endpoint, 5353, "ff02::fb", 5353));
    }

    private void ours(String sentence, Frame.Packet packet) {
        add(sentence, Frame.of(packet), true);
    }

    private void hosts(String sentence, Frame.Packet packet) {
        add(sentence, Frame.of(packet), false);
    }

    private void add(String sentence, Frame frame, boolean ours) {
        cases.add(new Case(sentence, frame, ours));
    }
}
