package io.gatun.api.rules;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.LoadBalancer;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks endpoints and puts them into the order in which loxilb's users see them served. */
final class EndpointReader {
    private static final int WEIGHT_MAX = 65_535;
    private static final int PORT_MAX = 65_535;

    /** The last octet counts most (contract R8); loxicmd sends endpoints in random order, so this decides. */
    private static final Comparator<EndpointSpec> ORDER = Comparator.comparing(
                    (EndpointSpec endpoint) -> reversed(endpoint.address()), Arrays::compareUnsigned)
            .thenComparingInt(EndpointSpec::port);

    private EndpointReader() {}

    /** The endpoints in round-robin order; one that is given twice counts once, with its last weight. */
    static List<EndpointSpec> read(List<LoadBalancer.Endpoint> wire, ServiceKey key, NatMode mode) {
        int size = wire == null ? 0 : wire.size();
        if (size < 1 || size > ServiceSpec.ENDPOINTS_MAX) {
            throw range("endpoints", size + " of them", "give 1-" + ServiceSpec.ENDPOINTS_MAX);
        }
        Map<String, EndpointSpec> distinct = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            EndpointSpec endpoint = read("endpoints[" + i + "]", wire.get(i), key, mode);
            distinct.put(identity(endpoint), endpoint);
        }
        return sorted(distinct.values());
    }

    /** All of both; the weight of {@code added} wins. */
    static List<EndpointSpec> attach(List<EndpointSpec> present, List<EndpointSpec> added) {
        Map<String, EndpointSpec> all = new LinkedHashMap<>();
        present.forEach(endpoint -> all.put(identity(endpoint), endpoint));
        added.forEach(endpoint -> all.put(identity(endpoint), endpoint));
        if (all.size() > ServiceSpec.ENDPOINTS_MAX) {
            throw range("endpoints", all.size() + " of them", "detach some, a rule has 1-" + ServiceSpec.ENDPOINTS_MAX);
        }
        return sorted(all.values());
    }

    /** Those of {@code present} whose address and port are not among {@code removed}. */
    static List<EndpointSpec> detach(List<EndpointSpec> present, List<EndpointSpec> removed) {
        Map<String, EndpointSpec> rest = new LinkedHashMap<>();
        present.forEach(endpoint -> rest.put(identity(endpoint), endpoint));
        removed.forEach(endpoint -> rest.remove(identity(endpoint)));
        return sorted(rest.values());
    }

    private static EndpointSpec read(String field, LoadBalancer.Endpoint wire, ServiceKey key, NatMode mode) {
        if (wire == null || wire.endpointIP() == null) {
            throw ApiException.unreadable(field + ".endpointIP is missing, give the address of a server");
        }
        InetAddress address = address(field + ".endpointIP", wire.endpointIP(), key.vip());
        int port = port(field + ".targetPort", wire.targetPort(), key, mode);
        int weight = wire.weight();
        if (weight < 0 || weight > WEIGHT_MAX) {
            throw range(field + ".weight", weight, "give 0-" + WEIGHT_MAX);
        }
        return new EndpointSpec(address, port, weight);
    }

    private static InetAddress address(String field, String text, InetAddress vip) {
        InetAddress address = IpLiteral.parse(text)
                .orElseThrow(() -> range(field, text, "give an IP address such as 192.168.80.11 or 2001:db8::11"));
        if (vip instanceof Inet4Address && !(address instanceof Inet4Address)) {
            throw invalid("malformed-service nat46 error", field, text, "give an IPv4 address as the VIP is");
        }
        if (!RuleReader.hostAddress(address) || address.equals(vip)) {
            throw range(field, text, "give the address of a server, not loopback, multicast, link-local or the VIP");
        }
        return address;
    }

    /**
     * The port that packets get. 0 leaves it as it is, which a range may ask for and direct server return always does;
     * there, one port is written as itself.
     */
    private static int port(String field, int port, ServiceKey key, NatMode mode) {
        boolean range = key.portMax() != key.port();
        if (key.protocol() == Protocol.ICMP) {
            if (port != 0) {
                throw range(field, port, "icmp has no ports, give 0");
            }
            return 0;
        }
        if (mode == NatMode.DSR) {
            if (port != 0 && port != key.port()) {
                throw range(field, port, "mode 3 (dsr) changes no ports, give port=" + key.port());
            }
            return range ? 0 : key.port();
        }
        if (port == 0 && !range) {
            throw range(field, port, "give 1-65535, 0 is for ranges of ports and mode 3 (dsr)");
        }
        if (port < 0 || port > PORT_MAX) {
            throw range(field, port, "give 1-65535" + (range ? ", or 0 to keep the port" : ""));
        }
        return port;
    }

    private static ApiException range(String field, Object value, String cure) {
        return invalid("endpoints-range error", field, value, cure);
    }

    private static List<EndpointSpec> sorted(Collection<EndpointSpec> endpoints) {
        return endpoints.stream().sorted(ORDER).toList();
    }

    private static String identity(EndpointSpec endpoint) {
        return IpLiteral.text(endpoint.address()) + ' ' + endpoint.port();
    }

    private static byte[] reversed(InetAddress address) {
        byte[] octets = address.getAddress();
        byte[] reversed = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            reversed[i] = octets[octets.length - 1 - i];
        }
        return reversed;
    }
}
