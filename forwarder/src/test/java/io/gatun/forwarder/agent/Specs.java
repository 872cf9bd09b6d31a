package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.sys.netlink.AddressEvent;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What rules and nodes of tests are made of. */
final class Specs {
    static final int INTERFACE = 3;
    static final String VIP = "192.168.80.200";

    private Specs() {}

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address=" + literal, e);
        }
    }

    static Inet4Address ipv4(String literal) {
        return (Inet4Address) address(literal);
    }

    /** {@code 192.168.80.101:8080}, weight 1. */
    static EndpointSpec endpoint(String text) {
        return endpoint(text, 1);
    }

    static EndpointSpec endpoint(String text, int weight) {
        int colon = text.lastIndexOf(':');
        return new EndpointSpec(address(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)), weight);
    }

    static ServiceSpec tcp(int port, String... endpoints) {
        return service(VIP, Protocol.TCP, port, NatMode.ONE_ARM, endpoints);
    }

    static ServiceSpec service(String vip, Protocol protocol, int port, NatMode mode, String... endpoints) {
        return new ServiceSpec(
                ServiceKey.of(address(vip), protocol, port),
                "",
                mode,
                Selection.ROUND_ROBIN,
                240,
                Stream.of(endpoints).map(Specs::endpoint).toList());
    }

    /** A node with addresses such as {@code 192.168.80.5/24} on the served interface. */
    static NodeAddresses node(String... addresses) {
        return new NodeAddresses(
                Stream.of(addresses).map(text -> on(INTERFACE, text, 0)).toList(), INTERFACE);
    }

    static AddressEvent on(int interfaceIndex, String text, int flags) {
        String[] parts = text.split("/", 2);
        return new AddressEvent(
                interfaceIndex, address(parts[0]), Integer.parseInt(parts[1]), 0, flags, /* removed= */ false);
    }

    static ForwarderOptions options(ForwarderOptions.Snat snat, String snatAddress, int first, int last) {
        return new ForwarderOptions(
                List.of("eth0"),
                Path.of("/nowhere"),
                1_000,
                snat,
                snatAddress == null ? null : ipv4(snatAddress),
                first,
                last,
                ForwarderOptions.Idle.POLL);
    }

    /** What a node sees whose one interface has 192.168.80.5/24 and fd00:80::5/64. */
    static EndpointPlacement placement() {
        NextHopTable.Builder builder = new NextHopTable.Builder()
                .onLink(Ipv4.toInt(ipv4("192.168.80.0")), 24, INTERFACE, 0)
                .local(Ipv4.toInt(ipv4("192.168.80.5")))
                .onLink6(Addresses.high(address("fd00:80::")), 0, 64, INTERFACE, 0);
        return new EndpointPlacement(builder.build(), Map.of(INTERFACE, "eth0"), /* localPair= */ true);
    }
}
