package io.gatun.api.rules;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.model.ServiceArguments;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * Checks a rule from the wire in the order of loxilb (contract section 3.3) and fills in the defaults. What loxilb can
 * do and Gatun cannot yet is refused, never ignored, unless kube-loxilb sends it without being asked to.
 */
final class RuleReader {
    private static final int IDLE_TIMEOUT_MAX_S = 86_400;
    private static final int IDLE_TIMEOUT_TCP_S = 240;
    private static final int IDLE_TIMEOUT_UDP_S = 20;
    private static final int TEXT_LENGTH_MAX = 1024;
    private static final long BLOCK_MAX = 0xffff_ffffL;
    private static final Set<String> PROBE_TYPES = Set.of("", "none", "ping", "tcp", "udp", "sctp", "http", "https");

    private RuleReader() {}

    /**
     * Reads a rule.
     *
     * @throws ApiException when anything in it cannot be had
     */
    static Rule read(LoadBalancer entry) {
        ServiceArguments arguments = entry.serviceArguments();
        if (arguments == null) {
            throw ApiException.unreadable("serviceArguments is missing, send externalIP, port and protocol in it");
        }
        InetAddress vip = vip(arguments.externalIP());
        Protocol protocol = protocol(arguments.protocol());
        checkArguments(arguments);
        checkUnsupported(arguments);
        checkProbe(arguments);
        if (entry.allowedSources() != null && !entry.allowedSources().isEmpty()) {
            throw invalid(
                    "rule-allowed-src error",
                    "allowedSources",
                    entry.allowedSources().size() + " networks",
                    "limiting sources is not supported yet, leave it empty");
        }
        ServiceKey key = key(vip, protocol, arguments.port(), arguments.portMax(), arguments.block());
        List<EndpointSpec> endpoints = EndpointReader.read(entry.endpoints(), vip);
        return new Rule(key, normal(arguments, key), endpoints);
    }

    /** The key of a rule; {@code portMax} 0 means one port. */
    static ServiceKey key(InetAddress vip, Protocol protocol, int port, int portMax, long block) {
        checkPort("port", port);
        if (portMax != 0) {
            checkPort("portMax", portMax);
            if (portMax < port) {
                throw invalid("serv-port-args range error", "portMax", portMax, "give at least port=" + port);
            }
        }
        if (block < 0 || block > BLOCK_MAX) {
            throw invalid("service-args error", "block", block, "give 0-" + BLOCK_MAX);
        }
        return new ServiceKey(vip, protocol, port, portMax == 0 ? port : portMax, block);
    }

    /** The protocol that clients call so. */
    static Protocol protocolNamed(String text) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.text().equals(text)) {
                return protocol;
            }
        }
        throw invalid("malformed-proto error", "protocol", text, "give tcp or udp");
    }

    /** The address that clients write so. */
    static InetAddress address(String field, String text) {
        return IpLiteral.parse(text)
                .orElseThrow(() ->
                        invalid("malformed-service error", field, text, "give an IPv4 address such as 192.168.80.200"));
    }

    /** The mode with this code. */
    static NatMode mode(int code) {
        for (NatMode mode : NatMode.values()) {
            if (mode.code() == code) {
                return mode;
            }
        }
        throw invalid("service-args error", "mode", code, "give 0 (default) or 1 (onearm)");
    }

    /** The selection with this code. */
    static Selection selection(int code) {
        for (Selection selection : Selection.values()) {
            if (selection.code() == code) {
                return selection;
            }
        }
        throw invalid("service-args error", "sel", code, "give 0 (rr)");
    }

    private static InetAddress vip(String text) {
        InetAddress vip = address("externalIP", text);
        if (!(vip instanceof Inet4Address)) {
            throw invalid(
                    "malformed-service error", "externalIP", text, "IPv6 is not supported yet, give an IPv4 address");
        }
        if (!hostAddress(vip)) {
            throw invalid(
                    "malformed-service error",
                    "externalIP",
                    text,
                    "give the address of a host, not loopback, multicast, broadcast or 0.0.0.0");
        }
        return vip;
    }

    /** Whether a host on a network can have the address. */
    static boolean hostAddress(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && Byte.toUnsignedInt(address.getAddress()[0]) < 240
                && address.getAddress()[0] != 0;
    }

    private static Protocol protocol(String text) {
        Protocol protocol = protocolNamed(text);
        if (protocol != Protocol.TCP && protocol != Protocol.UDP) {
            throw invalid("malformed-proto error", "protocol", text, "it is not supported yet, give tcp or udp");
        }
        return protocol;
    }

    private static void checkPort(String field, int port) {
        if (port < 1 || port > 65_535) {
            throw invalid("serv-port-args range error", field, port, "give 1-65535");
        }
    }

    private static void checkArguments(ServiceArguments arguments) {
        if (!arguments.privateIP().isEmpty()) {
            address("privateIP", arguments.privateIP());
        }
        if (arguments.inactiveTimeOut() < 0 || arguments.inactiveTimeOut() > IDLE_TIMEOUT_MAX_S) {
            throw invalid(
                    "service-args error",
                    "inactiveTimeOut",
                    arguments.inactiveTimeOut(),
                    "give 1-" + IDLE_TIMEOUT_MAX_S + " seconds, or 0 for the default");
        }
        if (arguments.oper() < 0 || arguments.oper() > 2) {
            throw invalid("service-args error", "oper", arguments.oper(), "give 0 (replace), 1 (attach) or 2 (detach)");
        }
        checkText("name", arguments.name());
        checkText("probereq", arguments.probereq());
        checkText("proberesp", arguments.proberesp());
    }

    private static void checkText(String field, String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            throw invalid(
                    "service-args error",
                    field,
                    text.substring(0, 16) + "... (" + text.length() + " characters)",
                    "give at most " + TEXT_LENGTH_MAX);
        }
        if (text.chars().anyMatch(Character::isISOControl) && field.equals("name")) {
            throw invalid(
                    "service-args error", field, text.replaceAll("\\p{Cntrl}", "?"), "leave control characters out");
        }
    }

    private static void checkUnsupported(ServiceArguments arguments) {
        NatMode mode = mode(arguments.mode());
        if (mode != NatMode.DNAT && mode != NatMode.ONE_ARM) {
            throw invalid(
                    "service-args error",
                    "mode",
                    mode.code(),
                    "it is not supported yet, give 0 (default) or 1 (onearm)");
        }
        Selection selection = selection(arguments.sel());
        if (selection != Selection.ROUND_ROBIN) {
            throw invalid("service-args error", "sel", selection.code(), "it is not supported yet, give 0 (rr)");
        }
        if (arguments.security() != 0) {
            throw invalid("service-args error", "security", arguments.security(), "Gatun ends no TLS, give 0");
        }
        if (!arguments.host().isEmpty()) {
            throw invalid("service-args error", "host", arguments.host(), "Gatun reads no HTTP, leave it empty");
        }
        if (arguments.proxyprotocolv2()) {
            throw invalid("service-args error", "proxyprotocolv2", true, "it is not supported yet, give false");
        }
        if (arguments.egress()) {
            throw invalid("service-args error", "egress", true, "it is not supported yet, give false");
        }
        if (!arguments.privateIP().isEmpty() && !arguments.privateIP().equals(arguments.externalIP())) {
            throw invalid(
                    "malformed-service error",
                    "privateIP",
                    arguments.privateIP(),
                    "it is not supported yet, leave it empty");
        }
    }

    private static void checkProbe(ServiceArguments arguments) {
        String type = arguments.probetype();
        int port = arguments.probeport();
        if (!PROBE_TYPES.contains(type)) {
            throw invalid(
                    "malformed-service-ptype error", "probetype", type, "give tcp, udp, ping, http, https or none");
        }
        if (port < 0 || port > 65_535) {
            throw invalid("malformed-service-pport error", "probeport", port, "give 1-65535, or 0 for the endpoint's");
        }
        boolean portless = type.isEmpty() || type.equals("none") || type.equals("ping");
        if (portless && port != 0) {
            throw invalid("malformed-service-pport error", "probeport", port, "give 0, or a probetype that has ports");
        }
        if (arguments.probeTimeout() < 0 || arguments.probeTimeout() > IDLE_TIMEOUT_MAX_S) {
            throw invalid("host-args error", "probeTimeout", arguments.probeTimeout(), "give 0-86400 seconds");
        }
        if (arguments.probeRetries() < 0 || arguments.probeRetries() > 100) {
            throw invalid("host-args error", "probeRetries", arguments.probeRetries(), "give 0-100");
        }
    }

    private static ServiceArguments normal(ServiceArguments a, ServiceKey key) {
        int idleTimeoutS = a.inactiveTimeOut() != 0
                ? a.inactiveTimeOut()
                : key.protocol() == Protocol.TCP ? IDLE_TIMEOUT_TCP_S : IDLE_TIMEOUT_UDP_S;
        boolean probed = !a.probetype().isEmpty() && !a.probetype().equals("none");
        return new ServiceArguments(
                key.vip().getHostAddress(),
                a.privateIP(),
                key.port(),
                key.portMax() == key.port() ? 0 : key.portMax(),
                key.protocol().text(),
                a.sel(),
                a.mode(),
                0,
                a.bgp(),
                a.monitor() || probed,
                a.probetype(),
                a.probeport(),
                a.probereq(),
                a.proberesp(),
                a.probeTimeout(),
                a.probeRetries(),
                a.managed(),
                a.block(),
                idleTimeoutS,
                a.name(),
                false,
                0,
                "",
                false,
                false);
    }
}
