package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules and the node's addresses in, what the maps shall hold out. */
class SteeringPlanTest {
    private static final String NODE = "192.168.80.5";
    private static final String NODE6 = "2001:db8::5";
    private static final String VIP = "192.168.80.200";

    private final List<SteeringPlan.Rule> rules = new ArrayList<>();

    @Test
    void aNodeWithoutServicesKeepsAllItHas() {
        assertPlan("192.168.80.5 LOCAL", "", "", NODE);
    }

    @Test
    void aVipOfTheLinkIsAllOurs() {
        oneArm(VIP, Protocol.TCP, 80, 80, source(VIP), "192.168.80.101:8080");

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 LOCAL", "", "", NODE);
    }

    @Test
    void aVipElsewhereNeedsPortsOfTheNode() {
        oneArm("10.9.9.9", Protocol.TCP, 80, 80, nodeSource(NODE), "192.168.80.101:8080");

        assertPlan("10.9.9.9 OWN_ALL, 192.168.80.5 SNAT LOCAL HOST_ECHO 10000-29999", "", "", NODE);
    }

    @Test
    void soDoesEveryVipWhenTheNodesAddressIsAskedFor() {
        oneArm(VIP, Protocol.TCP, 80, 80, nodeSource(NODE), "192.168.80.101:8080");
        oneArm(VIP, Protocol.UDP, 53, 53, nodeSource(NODE), "192.168.80.101:53");

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 SNAT LOCAL HOST_ECHO 10000-29999", "", "", NODE);
    }

    @Test
    void ofAVipThatTheNodeHasOnlyTheServicesAreOurs() {
        oneArm(NODE, Protocol.TCP, 80, 80, nodeSource(NODE), "192.168.80.101:8080");
        dnat(NODE, Protocol.UDP, 53, 53, "192.168.80.101:53");

        assertPlan(
                "192.168.80.5 SERVICES SNAT LOCAL HOST_ECHO 10000-29999",
                "192.168.80.5:80/6, 192.168.80.5:53/17",
                "192.168.80.101:53/17",
                NODE);
    }

    @Test
    void endpointsOfPlainDnatSendTheirRepliesThroughUs() {
        dnat(VIP, Protocol.TCP, 80, 80, "192.168.80.101:8080", "192.168.80.102:8080");
        dnat(VIP, Protocol.TCP, 81, 81, "192.168.80.101:8080");

        assertPlan(
                "192.168.80.200 OWN_ALL, 192.168.80.5 LOCAL", "", "192.168.80.101:8080/6, 192.168.80.102:8080/6", NODE);
    }

    @Test
    void addressesOfOtherInterfacesAreTheNodesToo() {
        dnat("10.0.0.1", Protocol.TCP, 80, 80, "192.168.80.101:8080");

        assertPlan(
                "10.0.0.1 SERVICES LOCAL, 192.168.80.5 LOCAL",
                "10.0.0.1:80/6",
                "192.168.80.101:8080/6",
                NODE,
                "10.0.0.1");
    }

    @Test
    void ipv6IsPlannedAlike() {
        oneArm("2001:db8::200", Protocol.TCP, 80, 80, source("2001:db8::200"), "[2001:db8::101]:8080");
        oneArm("2001:db8:9::9", Protocol.TCP, 80, 80, nodeSource(NODE6), "[2001:db8::101]:8080");
        dnat(NODE6, Protocol.UDP, 53, 53, "[2001:db8::101]:53");

        assertPlan(
                "2001:db8:0:0:0:0:0:200 OWN_ALL, 2001:db8:0:0:0:0:0:5 SERVICES SNAT LOCAL HOST_ECHO 10000-29999,"
                        + " 2001:db8:9:0:0:0:0:9 OWN_ALL",
                "2001:db8:0:0:0:0:0:5:53/17",
                "2001:db8:0:0:0:0:0:101:53/17",
                NODE6);
    }

    @Test
    void nat64SendsFromAnIpv4Address() {
        oneArm("2001:db8::200", Protocol.TCP, 80, 80, nodeSource(NODE), "192.168.80.101:8080");
        oneArm("2001:db8::201", Protocol.TCP, 80, 80, source("192.168.80.210"), "192.168.80.101:8080");

        assertPlan(
                "192.168.80.210 OWN_ALL, 192.168.80.5 SNAT LOCAL HOST_ECHO 10000-29999,"
                        + " 2001:db8:0:0:0:0:0:200 OWN_ALL, 2001:db8:0:0:0:0:0:201 OWN_ALL,"
                        + " 2001:db8:0:0:0:0:0:5 LOCAL",
                "",
                "",
                NODE,
                NODE6);
    }

    @Test
    void soDoesNat64OfMode0WhoseEndpointsAnswerNoClientThemselves() {
        add("2001:db8::200", Protocol.TCP, 80, 80, NatMode.DNAT, List.of(nodeSource(NODE)), "192.168.80.101:8080");

        assertPlan("192.168.80.5 SNAT LOCAL HOST_ECHO 10000-29999, 2001:db8:0:0:0:0:0:200 OWN_ALL", "", "", NODE);
    }

    @Test
    void loopbackAndLinkLocalAddressesNeedNoEntry() {
        assertPlan("192.168.80.5 LOCAL", "", "", NODE, "127.0.0.1", "::1", "fe80::5");
    }

    @Test
    void directServerReturnNeedsTheVipAlone() {
        add(VIP, Protocol.TCP, 80, 80, NatMode.DSR, List.of(nodeSource(NODE)), "192.168.80.101:80");

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 LOCAL", "", "", NODE);
    }

    @Test
    void fullNatSendsFromItsChosenAddress() {
        add(VIP, Protocol.TCP, 80, 80, NatMode.FULL_NAT, List.of(source("192.168.80.77")), "192.168.80.101:80");

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 LOCAL, 192.168.80.77 OWN_ALL", "", "", NODE);
    }

    @Test
    void anyAddressStandsForEveryAddressOfItsFamily() {
        String[] node = {NODE, "10.0.0.1", "127.0.0.1", "169.254.1.1", NODE6, "fe80::5", "::1"};
        add("0.0.0.0", Protocol.TCP, 80, 81, NatMode.HOST_ONE_ARM, List.of(nodeSource(NODE)), "192.168.80.101:80");
        add("::", Protocol.UDP, 53, 53, NatMode.HOST_ONE_ARM, List.of(nodeSource(NODE6)), "[2001:db8::101]:53");

        assertPlan(
                "10.0.0.1 SERVICES LOCAL, 169.254.1.1 LOCAL, 192.168.80.5 SERVICES SNAT LOCAL HOST_ECHO 10000-29999,"
                        + " 2001:db8:0:0:0:0:0:5 SERVICES SNAT LOCAL HOST_ECHO 10000-29999",
                "10.0.0.1:80/6, 10.0.0.1:81/6, 192.168.80.5:80/6, 192.168.80.5:81/6, 2001:db8:0:0:0:0:0:5:53/17",
                "",
                node);
    }

    @Test
    void aRangeOfPortsIsWrittenOutWhereTheVipIsShared() {
        oneArm(NODE, Protocol.UDP, 5000, 5002, source("192.168.80.77"), "192.168.80.101:0");
        oneArm(VIP, Protocol.UDP, 1, 65_535, source(VIP), "192.168.80.101:0");

        assertPlan(
                "192.168.80.200 OWN_ALL, 192.168.80.5 SERVICES LOCAL, 192.168.80.77 OWN_ALL",
                "192.168.80.5:5000/17, 192.168.80.5:5001/17, 192.168.80.5:5002/17",
                "",
                NODE);
    }

    @Test
    void endpointsOfARangeAnswerFromThePortThatWasAskedOrFromTheirOwn() {
        dnat(VIP, Protocol.UDP, 5000, 5002, "192.168.80.101:0", "192.168.80.102:9000");

        assertPlan(
                "192.168.80.200 OWN_ALL, 192.168.80.5 LOCAL",
                "",
                "192.168.80.101:5000/17, 192.168.80.101:5001/17, 192.168.80.101:5002/17, 192.168.80.102:9000/17",
                NODE);
    }

    @Test
    void echoHasNoPortAndAProtocolOfItsFamily() {
        dnat(NODE, Protocol.ICMP, 0, 0, "192.168.80.101:0");
        dnat(NODE6, Protocol.ICMP, 0, 0, "[2001:db8::101]:0");

        assertPlan(
                "192.168.80.5 SERVICES LOCAL, 2001:db8:0:0:0:0:0:5 SERVICES LOCAL",
                "192.168.80.5:0/1, 2001:db8:0:0:0:0:0:5:0/58",
                "192.168.80.101:0/1, 2001:db8:0:0:0:0:0:101:0/58",
                NODE,
                NODE6);
    }

    @Test
    void echoFromTheNodesAddressTakesItsRepliesAwayFromTheHost() {
        oneArm(VIP, Protocol.TCP, 80, 80, nodeSource(NODE), "192.168.80.101:80");
        oneArm(VIP, Protocol.ICMP, 0, 0, nodeSource(NODE), "192.168.80.101:0");

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 SNAT LOCAL 10000-29999", "", "", NODE);
    }

    @Test
    void sourcesWithDifferentRangesAreJoined() {
        oneArm(VIP, Protocol.TCP, 80, 80, new SteeringPlan.Source(address(NODE), 20_000, 20_999), "192.168.80.101:80");
        oneArm(VIP, Protocol.TCP, 81, 81, new SteeringPlan.Source(address(NODE), 10_000, 10_999), "192.168.80.101:80");

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 SNAT LOCAL HOST_ECHO 10000-20999", "", "", NODE);
    }

    @Test
    void moreServicePortsThanThereIsRoomForAreRefused() {
        oneArm(NODE, Protocol.TCP, 1, 65_535, source(VIP), "192.168.80.101:0");
        assertEquals(65_535, plan(NODE).services().size());
        oneArm(NODE6, Protocol.TCP, 1, 65_535, source("2001:db8::200"), "[2001:db8::101]:0");
        assertEquals(2 * 65_535, plan(NODE, NODE6).services().size());
        oneArm(NODE, Protocol.UDP, 53, 54, source(VIP), "192.168.80.101:0");

        RejectedException e = assertThrows(RejectedException.class, () -> plan(NODE, NODE6));

        assertEquals(RejectedException.Kind.CAPACITY, e.kind());
        assertEquals(
                "port=53-54 of udp 192.168.80.5:53-54, steering services at 192.168.80.5 would need more than 65536"
                        + " entries, one for each port: narrow the range, or use a VIP that is no address of the node",
                e.getMessage());
    }

    @Test
    void moreEndpointPortsThanThereIsRoomForAreRefused() {
        dnat(VIP, Protocol.TCP, 1, 65_535, "192.168.80.101:0", "192.168.80.102:0");

        RejectedException e = assertThrows(RejectedException.class, () -> plan(NODE));

        assertEquals(RejectedException.Kind.CAPACITY, e.kind());
        assertTrue(e.getMessage().endsWith("narrow the range, give targetPort, or use a mode that changes the source"));
    }

    @Test
    void samePlansAreEqual() {
        oneArm(VIP, Protocol.TCP, 80, 80, source(VIP), "192.168.80.101:8080");

        assertEquals(plan(NODE), plan(NODE));
    }

    private void oneArm(
            String vip, Protocol protocol, int port, int portMax, SteeringPlan.Source source, String... endpoints) {
        add(vip, protocol, port, portMax, NatMode.ONE_ARM, List.of(source), endpoints);
    }

    private void dnat(String vip, Protocol protocol, int port, int portMax, String... endpoints) {
        add(vip, protocol, port, portMax, NatMode.DNAT, List.of(), endpoints);
    }

    private void add(
            String vip,
            Protocol protocol,
            int port,
            int portMax,
            NatMode mode,
            List<SteeringPlan.Source> sources,
            String... endpoints) {
        ServiceKey key = new ServiceKey(address(vip), protocol, port, portMax, 0);
        List<EndpointSpec> servers =
                Stream.of(endpoints).map(SteeringPlanTest::endpoint).toList();
        ServiceSpec spec = new ServiceSpec(key, "", mode, Selection.ROUND_ROBIN, 240, servers);
        rules.add(new SteeringPlan.Rule(spec, sources));
    }

    /** {@code 192.168.80.101:8080} or {@code [2001:db8::101]:8080}. */
    private static EndpointSpec endpoint(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new EndpointSpec(address(host), Integer.parseInt(text.substring(colon + 1)), 1);
    }

    /** An address that is Gatun's alone. */
    private static SteeringPlan.Source source(String address) {
        return new SteeringPlan.Source(address(address), 1_024, 65_535);
    }

    private static SteeringPlan.Source nodeSource(String address) {
        return new SteeringPlan.Source(address(address), 10_000, 29_999);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address=" + literal, e);
        }
    }

    private SteeringPlan plan(String... node) {
        return SteeringPlan.of(
                rules, Stream.of(node).map(SteeringPlanTest::address).toList());
    }

    private void assertPlan(String addresses, String serviceTuples, String endpoints, String... node) {
        SteeringPlan plan = plan(node);
        assertEquals(addresses, addresses(plan));
        assertEquals(serviceTuples, tuples(plan.services()));
        assertEquals(endpoints, tuples(plan.endpoints()));
    }

    private static String addresses(SteeringPlan plan) {
        return plan.addresses().keySet().stream()
                .map(address -> address(address, plan))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String address(InetAddress address, SteeringPlan plan) {
        SteeringPlan.Address entry = plan.addresses().get(address);
        StringBuilder text = new StringBuilder(address.getHostAddress());
        flag(text, entry.flags(), Steering.OWN_ALL, " OWN_ALL");
        flag(text, entry.flags(), Steering.SERVICES, " SERVICES");
        flag(text, entry.flags(), Steering.SNAT, " SNAT");
        flag(text, entry.flags(), Steering.LOCAL, " LOCAL");
        flag(text, entry.flags(), Steering.HOST_ECHO, " HOST_ECHO");
        return entry.portMin() == 0 ? text.toString() : text + " " + entry.portMin() + "-" + entry.portMax();
    }

    private static void flag(StringBuilder text, int flags, int flag, String name) {
        if ((flags & flag) != 0) {
            text.append(name);
        }
    }

    private static String tuples(Collection<SteeringPlan.Tuple> tuples) {
        Function<SteeringPlan.Tuple, String> text =
                tuple -> tuple.address().getHostAddress() + ":" + tuple.port() + "/" + tuple.protocol();
        return tuples.stream()
                .sorted(Comparator.comparingInt(SteeringPlan.Tuple::protocol).thenComparing(text))
                .map(text)
                .collect(Collectors.joining(", "));
    }
}
