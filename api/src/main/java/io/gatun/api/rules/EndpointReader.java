package io.gatun.api.rules;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.LoadBalancer;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks endpoints and puts them into the order in which loxilb's users see them served. */
final class EndpointReader {
    private static final int WEIGHT_MAX = 65_535;

    /** The last octet counts most (contract R8); loxicmd sends endpoints in random order, so this decides. */
    private static final Comparator<EndpointSpec> ORDER = Comparator.comparingLong(
                    (EndpointSpec endpoint) -> reversed(endpoint.address()))
            .thenComparingInt(EndpointSpec::port);

    private EndpointReader() {}

    /** The endpoints in round-robin order; one that is given twice counts once, with its last weight. */
    static List<EndpointSpec> read(List<LoadBalancer.Endpoint> wire, InetAddress vip) {
        int size = wire == null ? 0 : wire.size();
        if (size < 1 || size > ServiceSpec.ENDPOINTS_MAX) {
            throw range("endpoints", size + " of them", "give 1-" + ServiceSpec.ENDPOINTS_MAX);
        }
        Map<String, EndpointSpec> distinct = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            EndpointSpec endpoint = read("endpoints[" + i + "]", wire.get(i), vip);
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

    private static EndpointSpec read(String field, LoadBalancer.Endpoint wire, InetAddress vip) {
        if (wire == null || wire.endpointIP() == null) {
            throw ApiException.unreadable(field + ".endpointIP is missing, give the address of a server");
        }
        String text = wire.endpointIP();
        InetAddress address = IpLiteral.parse(text)
                .orElseThrow(() -> range(field + ".endpointIP", text, "give an IPv4 address such as 192.168.80.11"));
        if (!(address instanceof Inet4Address)) {
            throw invalid(
                    "malformed-service nat46 error", field + ".endpointIP", text, "give an IPv4 address as the VIP is");
        }
        if (!RuleReader.hostAddress(address) || address.equals(vip)) {
            throw range(
                    field + ".endpointIP", text, "give the address of a server, not loopback, multicast or the VIP");
        }
        if (wire.targetPort() < 1 || wire.targetPort() > 65_535) {
            throw range(field + ".targetPort", wire.targetPort(), "give 1-65535");
        }
        int weight = wire.weight();
        if (weight < 0 || weight > WEIGHT_MAX) {
            throw range(field + ".weight", weight, "give 0-" + WEIGHT_MAX);
        }
        return new EndpointSpec(address, wire.targetPort(), weight);
    }

    private static ApiException range(String field, Object value, String cure) {
        return invalid("endpoints-range error", field, value, cure);
    }

    private static List<EndpointSpec> sorted(Collection<EndpointSpec> endpoints) {
        return endpoints.stream().sorted(ORDER).toList();
    }

    private static String identity(EndpointSpec endpoint) {
        return endpoint.address().getHostAddress() + ' ' + endpoint.port();
    }

    private static long reversed(InetAddress address) {
        byte[] octets = address.getAddress();
        long value = 0;
        for (int i = octets.length - 1; i >= 0; i--) {
            value = value << 8 | Byte.toUnsignedLong(octets[i]);
        }
        return value;
    }
}
