package io.gatun.forwarder.agent;

import static io.gatun.forwarder.agent.Specs.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.agent.ForwarderOptions.Snat;
import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules and the node's addresses in, what the maps shall hold out. */
class SteeringPlanTest {
    private static final String NODE = "192.168.80.5/24";
    private static final String VIP = "192.168.80.200";

    private final List<ServiceSpec> services = new ArrayList<>();
    private Snat snat = Snat.VIP;

    @Test
    void aNodeWithoutServicesKeepsAllItHas() {
        assertPlan("192.168.80.5 LOCAL", "", "", NODE);
    }

    @Test
    void aVipOfTheLinkIsAllOurs() {
        services.add(service(VIP, Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"));

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 LOCAL", "", "", NODE);
    }

    @Test
    void aVipElsewhereNeedsPortsOfTheNode() {
        services.add(service("10.9.9.9", Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"));

        assertPlan("10.9.9.9 OWN_ALL, 192.168.80.5 SNAT LOCAL HOST_ECHO 10000-29999", "", "", NODE);
    }

    @Test
    void soDoesEveryVipWhenTheNodesAddressIsAskedFor() {
        snat = Snat.NODE;
        services.add(service(VIP, Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"));
        services.add(service(VIP, Protocol.UDP, 53, NatMode.ONE_ARM, "192.168.80.101:53"));

        assertPlan("192.168.80.200 OWN_ALL, 192.168.80.5 SNAT LOCAL HOST_ECHO 10000-29999", "", "", NODE);
    }

    @Test
    void ofAVipThatTheNodeHasOnlyTheServicesAreOurs() {
        services.add(service("192.168.80.5", Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"));
        services.add(service("192.168.80.5", Protocol.UDP, 53, NatMode.DNAT, "192.168.80.101:53"));

        assertPlan(
                "192.168.80.5 SERVICES SNAT LOCAL HOST_ECHO 10000-29999",
                "192.168.80.5:80/6, 192.168.80.5:53/17",
                "192.168.80.101:53/17",
                NODE);
    }

    @Test
    void endpointsOfPlainDnatSendTheirRepliesThroughUs() {
        services.add(service(VIP, Protocol.TCP, 80, NatMode.DNAT, "192.168.80.101:8080", "192.168.80.102:8080"));
        services.add(service(VIP, Protocol.TCP, 81, NatMode.DNAT, "192.168.80.101:8080"));

        assertPlan(
                "192.168.80.200 OWN_ALL, 192.168.80.5 LOCAL", "", "192.168.80.101:8080/6, 192.168.80.102:8080/6", NODE);
    }

    @Test
    void addressesOfOtherInterfacesAreTheNodesToo() {
        services.add(service("10.0.0.1", Protocol.TCP, 80, NatMode.DNAT, "192.168.80.101:8080"));
        ServiceBook book = book();
        NodeAddresses node = new NodeAddresses(
                List.of(Specs.on(Specs.INTERFACE, NODE, 0), Specs.on(Specs.INTERFACE + 1, "10.0.0.1/8", 0)),
                Specs.INTERFACE);

        SteeringPlan plan = SteeringPlan.of(book, node);

        assertEquals("10.0.0.1 SERVICES LOCAL, 192.168.80.5 LOCAL", addresses(plan));
        assertEquals("10.0.0.1:80/6", tuples(plan.services()));
    }

    @Test
    void samePlansAreEqual() {
        services.add(service(VIP, Protocol.TCP, 80, NatMode.ONE_ARM, "192.168.80.101:8080"));

        assertEquals(SteeringPlan.of(book(), Specs.node(NODE)), SteeringPlan.of(book(), Specs.node(NODE)));
    }

    private void assertPlan(String addresses, String serviceTuples, String endpoints, String... node) {
        SteeringPlan plan = SteeringPlan.of(book(), Specs.node(node));
        assertEquals(addresses, addresses(plan));
        assertEquals(serviceTuples, tuples(plan.services()));
        assertEquals(endpoints, tuples(plan.endpoints()));
    }

    private ServiceBook book() {
        SnatPolicy policy = new SnatPolicy(Specs.options(snat, null, 0, 0));
        ServiceBook book = new ServiceBook();
        for (ServiceSpec spec : services) {
            book.put(spec, policy.choose((Inet4Address) spec.key().vip(), Specs.node(NODE), "eth0"));
        }
        return book;
    }

    private static String addresses(SteeringPlan plan) {
        return new TreeSet<>(plan.addresses().keySet())
                .stream().map(address -> address(address, plan)).sorted().collect(Collectors.joining(", "));
    }

    private static String address(int address, SteeringPlan plan) {
        SteeringPlan.Address entry = plan.addresses().get(address);
        StringBuilder text = new StringBuilder(Ipv4.toAddress(address).getHostAddress());
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
                tuple -> Ipv4.toAddress(tuple.address()).getHostAddress() + ":" + tuple.port() + "/" + tuple.protocol();
        return tuples.stream()
                .sorted((a, b) -> a.protocol() != b.protocol()
                        ? Integer.compare(a.protocol(), b.protocol())
                        : text.apply(a).compareTo(text.apply(b)))
                .map(text)
                .collect(Collectors.joining(", "));
    }
}
