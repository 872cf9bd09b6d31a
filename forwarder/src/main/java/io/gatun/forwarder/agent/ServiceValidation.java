package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.Inet4Address;
import java.net.InetAddress;

/** What a service must be for this data plane, before anything is looked up. */
final class ServiceValidation {
    private static final int PORT_MAX = 65_535;
    private static final int WEIGHT_MAX = 65_535;
    private static final int IDLE_TIMEOUT_MAX_S = 86_400;
    private static final int BROADCAST = 0xFFFF_FFFF;

    void check(ServiceSpec spec) {
        ServiceKey key = spec.key();
        address("externalIP", key.vip());
        port("port", key.port());
        require(
                key.portMax() == key.port(),
                "portMax",
                key.portMax(),
                "port ranges are not supported yet, give one port");
        require(
                key.protocol() == Protocol.TCP || key.protocol() == Protocol.UDP,
                "protocol",
                key.protocol().text(),
                "is not supported yet, use tcp or udp");
        require(
                spec.mode() == NatMode.ONE_ARM || spec.mode() == NatMode.DNAT,
                "mode",
                spec.mode().code(),
                "is not supported yet, use 0 (DNAT) or 1 (one-arm)");
        require(
                spec.selection() == Selection.ROUND_ROBIN,
                "sel",
                spec.selection().code(),
                "is not supported yet, use 0 (round robin)");
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
    }

    private static void endpoint(ServiceSpec spec, int i) {
        EndpointSpec endpoint = spec.endpoints().get(i);
        String field = "endpoints[" + i + "].";
        address(field + "endpointIP", endpoint.address());
        port(field + "targetPort", endpoint.port());
        require(
                endpoint.weight() >= 0 && endpoint.weight() <= WEIGHT_MAX,
                field + "weight",
                endpoint.weight(),
                "must be 0-" + WEIGHT_MAX);
        require(
                !endpoint.address().equals(spec.key().vip()),
                field + "endpointIP",
                endpoint.address().getHostAddress(),
                "is the VIP itself, name a server");
        for (int j = 0; j < i; j++) {
            EndpointSpec other = spec.endpoints().get(j);
            require(
                    !other.address().equals(endpoint.address()) || other.port() != endpoint.port(),
                    field + "endpointIP",
                    endpoint.address().getHostAddress() + ":" + endpoint.port(),
                    "is listed twice, use its weight instead");
        }
    }

    private static void address(String field, InetAddress address) {
        require(
                address instanceof Inet4Address ipv4
                        && Ipv4.toInt(ipv4) != BROADCAST
                        && !address.isAnyLocalAddress()
                        && !address.isMulticastAddress()
                        && !address.isLoopbackAddress(),
                field,
                address.getHostAddress(),
                "must be a unicast IPv4 address of the network");
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
