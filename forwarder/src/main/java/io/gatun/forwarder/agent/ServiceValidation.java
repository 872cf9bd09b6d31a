package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.SourcePrefix;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** What a service must be for this data plane, before anything is looked up. */
final class ServiceValidation {
    private static final int PORT_MAX = 65_535;
    private static final int WEIGHT_MAX = 65_535;
    private static final int IDLE_TIMEOUT_MAX_S = 86_400;
    private static final int SOURCES_MAX = 1_024;
    private static final int BROADCAST = 0xFFFF_FFFF;

    void check(ServiceSpec spec) {
        ServiceKey key = spec.key();
        vip(spec);
        ports(key);
        mode(spec);
        require(
                spec.selection() != Selection.N2 && spec.selection() != Selection.N3,
                "sel",
                spec.selection().code(),
                "is for telecom protocols, which Gatun does not read: use 0 (rr), 1 (hash), 2 (priority), 3 (persist) or"
                        + " 4 (lc)");
        require(
                spec.idleTimeoutS() >= 1 && spec.idleTimeoutS() <= IDLE_TIMEOUT_MAX_S,
                "inactiveTimeOut",
                spec.idleTimeoutS(),
                "must be 1-" + IDLE_TIMEOUT_MAX_S + " seconds");
        require(
                !spec.endpoints().isEmpty() && spec.endpoints().size() <= ServiceSpec.ENDPOINTS_MAX,
                "endpoints",
                spec.endpoints().size(),
                "give 1 to " + ServiceSpec.ENDPOINTS_MAX);
        for (int i = 0; i < spec.endpoints().size(); i++) {
            endpoint(spec, i);
        }
        privateAddress(spec);
        sources(spec);
    }

    private static void vip(ServiceSpec spec) {
        InetAddress vip = spec.key().vip();
        if (spec.mode() == NatMode.HOST_ONE_ARM) {
            require(
                    vip.isAnyLocalAddress(),
                    "externalIP",
                    AddressText.of(vip),
                    "must be 0.0.0.0 or :: in mode 5 (hostonearm), which stands for every address of the node");
        } else {
            address("externalIP", vip);
        }
    }

    private static void ports(ServiceKey key) {
        if (key.protocol() == Protocol.ICMP) {
            require(key.port() == 0 && key.portMax() == 0, "port", key.port(), "must be 0 with protocol icmp");
            return;
        }
        port("port", key.port());
        port("portMax", key.portMax());
        require(key.portMax() >= key.port(), "portMax", key.portMax(), "must be at least port=" + key.port());
    }

    private static void mode(ServiceSpec spec) {
        require(
                spec.mode() != NatMode.FULL_PROXY,
                "mode",
                spec.mode().code(),
                "is an L7 proxy, which Gatun is not: use 1 (onearm) or 2 (fullnat)");
        if (spec.mode() == NatMode.DSR) {
            require(
                    spec.selection() == Selection.HASH,
                    "sel",
                    spec.selection().code(),
                    "must be 1 (hash) in mode 3 (dsr), so that every node chooses alike");
        }
    }

    private static void endpoint(ServiceSpec spec, int i) {
        EndpointSpec endpoint = spec.endpoints().get(i);
        ServiceKey key = spec.key();
        String field = "endpoints[" + i + "].";
        String text = AddressText.of(endpoint.address());
        address(field + "endpointIP", endpoint.address());
        targetPort(spec, endpoint, field + "targetPort");
        require(
                endpoint.weight() >= 0 && endpoint.weight() <= WEIGHT_MAX,
                field + "weight",
                endpoint.weight(),
                "must be 0-" + WEIGHT_MAX);
        require(!endpoint.address().equals(key.vip()), field + "endpointIP", text, "is the VIP itself, name a server");
        require(
                SnatPolicy.sameFamily(
                        endpoint.address(), spec.endpoints().getFirst().address()),
                field + "endpointIP",
                text,
                "is of another family than endpoints[0], make a service for each family");
        boolean translated = !SnatPolicy.sameFamily(endpoint.address(), key.vip());
        require(
                !translated || key.vip() instanceof Inet6Address,
                field + "endpointIP",
                text,
                "is IPv6 behind an IPv4 VIP, which NAT cannot do: give IPv4 endpoints or an IPv6 VIP");
        require(
                !translated || (spec.mode() != NatMode.DSR && spec.mode() != NatMode.HOST_ONE_ARM),
                field + "endpointIP",
                text,
                "is IPv4 behind an IPv6 VIP, which is NAT64: use mode 1 (onearm) or 2 (fullnat)");
        for (int j = 0; j < i; j++) {
            EndpointSpec other = spec.endpoints().get(j);
            require(
                    !other.address().equals(endpoint.address()) || other.port() != endpoint.port(),
                    field + "endpointIP",
                    AddressText.of(endpoint.address(), endpoint.port()),
                    "is listed twice, use its weight instead");
        }
    }

    private static void targetPort(ServiceSpec spec, EndpointSpec endpoint, String field) {
        ServiceKey key = spec.key();
        int port = endpoint.port();
        if (key.protocol() == Protocol.ICMP) {
            require(port == 0, field, port, "must be 0 with protocol icmp");
            return;
        }
        boolean range = key.portMax() != key.port();
        if (spec.mode() == NatMode.DSR) {
            require(
                    port == 0 || (!range && port == key.port()),
                    field,
                    port,
                    "must be the service's own port in mode 3 (dsr), which rewrites none"
                            + (range ? ": give 0 for a range" : ""));
            return;
        }
        require(
                port == 0 || (port >= 1 && port <= PORT_MAX),
                field,
                port,
                "must be 1-" + PORT_MAX + ", or 0 to keep the port that the client asked for");
    }

    private static void privateAddress(ServiceSpec spec) {
        InetAddress address = spec.privateAddress();
        if (address == null) {
            return;
        }
        require(
                spec.mode() == NatMode.FULL_NAT,
                "privateIP",
                AddressText.of(address),
                "is the source of mode 2 (fullnat), leave it empty in mode "
                        + spec.mode().code());
        address("privateIP", address);
        require(
                SnatPolicy.sameFamily(address, spec.endpoints().getFirst().address()),
                "privateIP",
                AddressText.of(address),
                "must be of the endpoints' address family");
    }

    private static void sources(ServiceSpec spec) {
        require(
                spec.allowedSources().size() <= SOURCES_MAX,
                "allowedSources",
                spec.allowedSources().size() + " networks",
                "give at most " + SOURCES_MAX);
        for (SourcePrefix prefix : spec.allowedSources()) {
            require(
                    SnatPolicy.sameFamily(prefix.address(), spec.key().vip()),
                    "allowedSources",
                    prefix,
                    "must be of the VIP's address family");
            require(
                    prefix.length() >= 0 && prefix.length() <= Addresses.bits(prefix.address()),
                    "allowedSources",
                    prefix,
                    "must have a prefix length of 0-" + Addresses.bits(prefix.address()));
        }
    }

    private static void address(String field, InetAddress address) {
        require(
                !(address instanceof Inet4Address ipv4 && Ipv4.toInt(ipv4) == BROADCAST)
                        && !address.isAnyLocalAddress()
                        && !address.isMulticastAddress()
                        && !address.isLinkLocalAddress()
                        && !address.isLoopbackAddress(),
                field,
                AddressText.of(address),
                "must be a unicast address of the network");
    }

    private static void port(String field, int port) {
        require(port >= 1 && port <= PORT_MAX, field, port, "must be 1-" + PORT_MAX);
    }

    private static void require(boolean holds, String field, Object value, String cure) {
        if (!holds) {
            throw RejectedException.invalid(field, value, cure);
        }
    }
}
