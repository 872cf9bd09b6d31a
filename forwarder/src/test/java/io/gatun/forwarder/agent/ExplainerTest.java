package io.gatun.forwarder.agent;

import static io.gatun.forwarder.agent.Specs.address;
import static io.gatun.forwarder.agent.Specs.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.SourcePrefix;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.AccessList;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.LocalDelivery;
import io.gatun.forwarder.pipeline.ServiceTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Described packets, over tables as the conductor publishes them: each step in words. */
class ExplainerTest {
    private static final String CLIENT = "192.168.80.10";
    private static final String NODE = "192.168.80.5";
    private static final String VIP6 = "fd00:80::200";
    private static final int LOCAL_PAIR = 9;
    private static final int NOW = 1_000;
    private static final PortSpace PORTS = new PortSpace(1_024, 65_535);
    private static final SnatChoice VIP = new SnatChoice(address(Specs.VIP), PORTS, /* moves= */ true);
    private static final SnatChoice OF_NODE =
            new SnatChoice(address(NODE), new PortSpace(10_000, 29_999), /* moves= */ false);

    private final ServiceBook book = new ServiceBook();
    private final List<SteeringPlan.Rule> rules = new ArrayList<>();
    private final FlowTable flows = FlowTable.inMemory(new TableLayout(1, 64));
    private AccessList access = AccessList.EVERYBODY;
    private LocalDelivery local = new LocalDelivery(LOCAL_PAIR, LocalPair.HOST_MAC);

    @Test
    void aNewConnectionOfOneArm() {
        rule(spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.101:8080", "192.168.80.102:8080"), VIP);

        assertEquals("""
                steering: eth0 (xdp), gatun1 (raw): ours, all packets to 192.168.80.200 are
                rule: tcp 192.168.80.200:80 'web', mode 1 (one-arm), 2 endpoints
                flow: no connection in the table has 192.168.80.10:51000 > 192.168.80.200:80, so this is the SYN that \
                would open it: any other segment is refused with RST
                endpoint: number 1 of 2 would be chosen by round robin: 192.168.80.101:8080
                rewrite: 192.168.80.200 with a port of 1024-65535 > 192.168.80.101:8080
                next-hop: 192.168.80.101 on the link through eth0, MAC 02:00:c0:a8:50:65, MTU 1500
                = forward
                """, tcp(CLIENT, 51_000, Specs.VIP, 80));
    }

    @Test
    void whatIsNotOursIsTheHosts() {
        rule(spec(NODE, NatMode.ONE_ARM, "192.168.80.101:8080"), OF_NODE);

        assertEquals("""
                steering: eth0 (xdp), gatun1 (raw): not ours, 8.8.8.8 is neither a VIP nor a source of ours: passes to \
                the host
                = pass
                """, tcp(CLIENT, 51_000, "8.8.8.8", 80));
        assertEquals("""
                steering: eth0 (xdp), gatun1 (raw): not ours, 192.168.80.5 is an address of this node and no service has \
                the port: passes to the host
                = pass
                """, tcp(CLIENT, 51_000, NODE, 22));
        assertEquals("ours, a service has this port of this node's address", steering(CLIENT, 51_000, NODE, 80));
        assertEquals(
                "ours, port 10000 of this node's address is one of our source ports",
                steering("192.168.80.101", 8080, NODE, 10_000));
    }

    @Test
    void aKnownConnectionInBothDirections() {
        int id = rule(spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.101:8080"), VIP);
        long reply = flows.insert(
                key("192.168.80.101", 8080, Specs.VIP, 4_000)
                        .rewrite(ip(Specs.VIP), ip(CLIENT), 80 << 16 | 51_000)
                        .flags(FlowSlot.FLAG_REPLY)
                        .service(id, 0)
                        .tcpState(FlowStates.ESTABLISHED),
                NOW);
        flows.insert(
                key(CLIENT, 51_000, Specs.VIP, 80)
                        .rewrite(ip(Specs.VIP), ip("192.168.80.101"), 4_000 << 16 | 8080)
                        .service(id, 0)
                        .tcpState(FlowStates.ESTABLISHED)
                        .partner(reply),
                NOW);

        assertEquals("""
                rule: tcp 192.168.80.200:80 'web', by its connection
                flow: known, state est, 0 packets, from the client
                rewrite: 192.168.80.200:4000 > 192.168.80.101:8080
                next-hop: 192.168.80.101 on the link through eth0, MAC 02:00:c0:a8:50:65, MTU 1500
                = forward
                """, withoutSteering(tcp(CLIENT, 51_000, Specs.VIP, 80)));
        assertEquals("""
                rule: tcp 192.168.80.200:80 'web', by its connection
                flow: known, state est, 0 packets, from the endpoint
                rewrite: 192.168.80.200:80 > 192.168.80.10:51000
                next-hop: 192.168.80.10 on the link through eth0, MAC not known yet: the packet would wait for it, MTU \
                1500
                = forward
                """, withoutSteering(tcp("192.168.80.101", 8080, Specs.VIP, 4_000)));
    }

    @Test
    void theFirewallRuleThatDropsIsNamed() {
        rule(spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.101:8080"), VIP);
        access = new AccessRules()
                .replace(List.of(
                        new AccessRule(prefix("192.168.80.0", 24), false),
                        new AccessRule(prefix("192.168.80.99", 32), true)));

        assertEquals("""
                drop: firewall: a firewall rule drops 192.168.80.0/24
                = drop firewall
                """, end(tcp(CLIENT, 51_000, Specs.VIP, 80)));
        assertTrue(tcp("192.168.80.99", 51_000, Specs.VIP, 80).endsWith("= forward\n"));
    }

    @Test
    void theNetworkThatLetAClientInIsNamedAndTheOthersToWhoIsNot() {
        ServiceSpec spec = spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.101:8080");
        rule(
                new ServiceSpec(
                        spec.key(),
                        spec.name(),
                        spec.mode(),
                        spec.selection(),
                        spec.idleTimeoutS(),
                        spec.endpoints(),
                        null,
                        List.of(prefix("10.0.0.0", 8), prefix("192.168.80.0", 28))),
                VIP);

        assertEquals(
                "192.168.80.10 is allowed by 192.168.80.0/28",
                steps(tcp(CLIENT, 51_000, Specs.VIP, 80), "rule").getLast());
        assertEquals("""
                drop: source_denied: 192.168.80.99 is in none of the allowed sources 10.0.0.0/8, 192.168.80.0/28
                = drop source_denied
                """, end(tcp("192.168.80.99", 51_000, Specs.VIP, 80)));
    }

    @Test
    void aStandbySaysSo() {
        rule(spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.101:8080"), VIP);
        book.admitNewFlows(Set.of(address(Specs.VIP)), false);

        String why = """
                drop: not_master: this node is not the master of 192.168.80.200
                = drop not_master
                """;
        assertEquals(why, end(tcp(CLIENT, 51_000, Specs.VIP, 80)));
        assertEquals(why, end(tcp(CLIENT, 51_000, Specs.VIP, 81)));
        assertEquals(why, end(explain(Protocol.ICMP, CLIENT, 7, Specs.VIP, 0)));
    }

    @Test
    void aVipAnswersAsAHostWould() {
        rule(spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.101:8080"), VIP);

        assertEquals("""
                drop: no_service: refused with RST as a host would, up to the limit, and not in the second after a takeover
                = drop no_service
                """, end(tcp(CLIENT, 51_000, Specs.VIP, 81)));
        assertEquals("""
                steering: eth0 (xdp), gatun1 (raw): ours, all packets to 192.168.80.200 are
                rule: no rule has icmp echo to 192.168.80.200
                flow: no connection in the table has 192.168.80.10 > 192.168.80.200 with identifier 7, so this echo \
                request would be the first
                rewrite: this node answers the echo request itself
                = answer
                """, explain(Protocol.ICMP, CLIENT, 7, Specs.VIP, 0));
    }

    @Test
    void nat64IsSaidToBeIt() {
        rule(spec(VIP6, NatMode.ONE_ARM, "192.168.80.101:8080"), OF_NODE);

        assertEquals(
                List.of("from IPv6 to IPv4 (NAT64), 192.168.80.5 with a port of 10000-29999 > 192.168.80.101:8080"),
                steps(tcp("fd00:80::10", 51_000, VIP6, 80), "rewrite"));
    }

    @Test
    void aKnownNat64ConnectionToo() {
        int id = rule(spec(VIP6, NatMode.ONE_ARM, "192.168.80.101:8080"), OF_NODE);
        InetAddress client = address("fd00:80::10");
        InetAddress vip = address(VIP6);
        long reply = flows.insert(
                key("192.168.80.101", 8080, NODE, 12_000)
                        .rewrite(0, 0, 80 << 16 | 51_000)
                        .flags(FlowSlot.FLAG_REPLY | FlowSlot.FLAG_TRANSLATED)
                        .service(id, 0),
                NOW);
        long forward = flows.insert(
                new FlowDraft()
                        .key6(
                                Addresses.high(client),
                                Addresses.low(client),
                                Addresses.high(vip),
                                Addresses.low(vip),
                                51_000 << 16 | 80,
                                6)
                        .rewrite(ip(NODE), ip("192.168.80.101"), 12_000 << 16 | 8080)
                        .flags(FlowSlot.FLAG_TRANSLATED)
                        .service(id, 0)
                        .partner(reply),
                NOW);
        flows.link(forward, reply);

        assertEquals(
                List.of("from IPv6 to IPv4 (NAT64), 192.168.80.5:12000 > 192.168.80.101:8080"),
                steps(tcp("fd00:80::10", 51_000, VIP6, 80), "rewrite"));
        assertEquals(
                List.of("from IPv4 to IPv6 (NAT64), [fd00:80::200]:80 > [fd00:80::10]:51000"),
                steps(tcp("192.168.80.101", 8080, NODE, 12_000), "rewrite"));
    }

    @Test
    void directReturnChangesTheMacOrPutsAHeaderInFront() {
        rule(dsr("192.168.80.101:80"), VIP);
        assertEquals(
                List.of("none but the MAC, which becomes that of 192.168.80.101, who answers the client itself"),
                steps(tcp(CLIENT, 51_000, Specs.VIP, 80), "rewrite"));

        rule(dsr("10.9.9.9:80"), VIP);
        String explained = tcp(CLIENT, 51_000, Specs.VIP, 80);
        assertEquals(
                List.of("number 1 of 1 would be chosen by the hash of the connection: 10.9.9.9:80"),
                steps(explained, "endpoint"));
        assertEquals(
                List.of("none, but an outer header 192.168.80.200 > 10.9.9.9, who answers the client itself"),
                steps(explained, "rewrite"));
        assertEquals(
                List.of("10.9.9.9 by 192.168.80.1 through eth0, MAC 02:00:c0:a8:50:01, MTU 1500"),
                steps(explained, "next-hop"));
    }

    @Test
    void aRangeKeepsThePortThatWasAskedFor() {
        ServiceSpec one = spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.101:0");
        rule(
                new ServiceSpec(
                        new ServiceKey(address(Specs.VIP), Protocol.TCP, 8_000, 8_100, 0),
                        "",
                        NatMode.ONE_ARM,
                        Selection.ROUND_ROBIN,
                        240,
                        one.endpoints()),
                VIP);

        String explained = tcp(CLIENT, 51_000, Specs.VIP, 8_042);
        assertEquals(List.of("tcp 192.168.80.200:8000-8100, mode 1 (one-arm), 1 endpoint"), steps(explained, "rule"));
        assertEquals(
                List.of("number 1 of 1 would be chosen by round robin: 192.168.80.101:8042"),
                steps(explained, "endpoint"));
    }

    @Test
    void theAddressesOfTheNodeStandForHostOneArm() {
        rule(spec("0.0.0.0", NatMode.HOST_ONE_ARM, "192.168.80.101:8080"), OF_NODE);

        String explained = tcp(CLIENT, 51_000, NODE, 80);
        assertEquals(
                List.of("tcp 0.0.0.0:80 'web', which stands for this node's addresses, mode 5 (host-one-arm), 1"
                        + " endpoint"),
                steps(explained, "rule"));
        assertEquals(
                List.of("192.168.80.5 with a port of 10000-29999 > 192.168.80.101:8080"), steps(explained, "rewrite"));
    }

    @Test
    void theNodeItselfIsReachedByTheLocalPair() {
        rule(spec(Specs.VIP, NatMode.ONE_ARM, "192.168.80.5:8080", "172.17.0.9:8080"), VIP);

        assertEquals(
                List.of("192.168.80.5 is this node itself: the host takes it out of gatun0"),
                steps(tcp(CLIENT, 51_000, Specs.VIP, 80), "next-hop"));

        local = LocalDelivery.NONE;
        assertEquals("""
                drop: no_route: 192.168.80.5 is this node itself, and there is no local pair
                = drop no_route
                """, end(tcp(CLIENT, 51_000, Specs.VIP, 80)));
    }

    @Test
    void plainDnatTakesAnswersOfEndpoints() {
        rule(spec(Specs.VIP, NatMode.DNAT, "192.168.80.101:8080"), VIP);

        assertEquals(
                "ours, 192.168.80.101:8080 is an endpoint whose answers go through us",
                steering("192.168.80.101", 8080, CLIENT, 51_000));
        assertEquals(
                List.of("none, it goes on as through any router"),
                steps(tcp("192.168.80.101", 8080, CLIENT, 51_000), "rewrite"));
    }

    /** @return the id of its service */
    private int rule(ServiceSpec spec, SnatChoice snat) {
        book.remove(spec.key());
        book.put(spec, snat);
        boolean sourced = spec.mode() != NatMode.DNAT && spec.mode() != NatMode.DSR;
        rules.removeIf(rule -> rule.spec().key().equals(spec.key()));
        rules.add(new SteeringPlan.Rule(
                spec,
                sourced
                        ? List.of(new SteeringPlan.Source(
                                snat.address(),
                                snat.ports().first(),
                                snat.ports().last()))
                        : List.of()));
        return book.find(spec.key()).id();
    }

    private String tcp(String from, int port, String to, int toPort) {
        return explain(Protocol.TCP, from, port, to, toPort);
    }

    /** A line a step, and the verdict. */
    private String explain(Protocol protocol, String from, int port, String to, int toPort) {
        NextHopTable nextHops = nextHops();
        EndpointPlacement placement = new EndpointPlacement(nextHops, Map.of(Specs.INTERFACE, "eth0"), true);
        Set<InetAddress> own = Set.of(address(NODE));
        SteeringPlan plan = SteeringPlan.of(rules, own);
        Explanation told = new Explainer(
                        new ForwardingTables(
                                book.table(placement, own, ServiceTable.NEVER), nextHops, local, null, access),
                        flows,
                        book,
                        List.of(
                                new Explainer.Steered("eth0", Specs.INTERFACE, IoEngine.XDP, plan),
                                new Explainer.Steered("gatun1", LOCAL_PAIR, IoEngine.RAW, plan)),
                        index -> index == Specs.INTERFACE ? "eth0" : "link " + index)
                .explain(new ExplainQuery(protocol, address(from), port, address(to), toPort));
        return told.steps().stream()
                        .map(step -> step.stage() + ": " + step.text() + "\n")
                        .collect(Collectors.joining())
                + "= " + told.verdict() + (told.dropReason().isEmpty() ? "" : " " + told.dropReason()) + "\n";
    }

    private String steering(String from, int port, String to, int toPort) {
        String text = steps(tcp(from, port, to, toPort), "steering").getFirst();
        return text.substring(text.indexOf("): ") + 3);
    }

    private static String withoutSteering(String explained) {
        return explained.substring(explained.indexOf('\n') + 1);
    }

    /** The last step and the verdict. */
    private static String end(String explained) {
        String[] lines = explained.split("\n", -1);
        return String.join("\n", Arrays.copyOfRange(lines, lines.length - 3, lines.length));
    }

    private static List<String> steps(String explained, String stage) {
        return explained
                .lines()
                .filter(line -> line.startsWith(stage + ": "))
                .map(line -> line.substring(stage.length() + 2))
                .toList();
    }

    private static ServiceSpec spec(String vip, NatMode mode, String... endpoints) {
        return new ServiceSpec(
                ServiceKey.of(address(vip), Protocol.TCP, 80),
                "web",
                mode,
                Selection.ROUND_ROBIN,
                240,
                Stream.of(endpoints).map(Specs::endpoint).toList());
    }

    private static ServiceSpec dsr(String endpoint) {
        return new ServiceSpec(
                ServiceKey.of(address(Specs.VIP), Protocol.TCP, 80),
                "",
                NatMode.DSR,
                Selection.HASH,
                240,
                List.of(endpoint(endpoint)));
    }

    private static SourcePrefix prefix(String literal, int length) {
        return new SourcePrefix(address(literal), length);
    }

    private static FlowDraft key(String from, int port, String to, int toPort) {
        return new FlowDraft().key(ip(from), ip(to), port << 16 | toPort, 6);
    }

    private static int ip(String literal) {
        return Ipv4.toInt(Specs.ipv4(literal));
    }

    private static NextHopTable nextHops() {
        return new NextHopTable.Builder()
                .onLink(ip("192.168.80.0"), 24, Specs.INTERFACE, 0)
                .route(ip("10.0.0.0"), 8, ip("192.168.80.1"), Specs.INTERFACE, 0)
                .onLink(ip("172.17.0.0"), 16, Specs.INTERFACE + 1, 0)
                .onLink6(Addresses.high(address("fd00:80::")), 0, 64, Specs.INTERFACE, 0)
                .local(ip(NODE))
                .neighbour(Specs.INTERFACE, ip("192.168.80.101"), 0x0200_C0A8_5065L)
                .neighbour(Specs.INTERFACE, ip("192.168.80.1"), 0x0200_C0A8_5001L)
                .mtu(Specs.INTERFACE, 1500)
                .build();
    }
}
