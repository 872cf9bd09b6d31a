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
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Checks a rule from the wire in the order of loxilb (contract section 3.3) and fills in the defaults. What loxilb can
 * do and Gatun cannot is refused, never ignored, unless kube-loxilb sends it without being asked to.
 */
final class RuleReader {
    private static final int IDLE_TIMEOUT_STREAM_S = 240;
    private static final int IDLE_TIMEOUT_DATAGRAM_S = 20;
    private static final int PORT_MAX = 65_535;
    private static final long BLOCK_MAX = 0xffff_ffffL;

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
        if (arguments.mode() == NatMode.DSR.code() && arguments.sel() != Selection.HASH.code()) {
            throw ApiException.onlyHashForDsr();
        }
        NatMode mode = mode(arguments.mode());
        InetAddress vip = vip(arguments.externalIP(), mode);
        Protocol protocol = protocolNamed(arguments.protocol());
        ArgumentChecks.check(arguments);
        if (entry.secondaryIPs() != null && !entry.secondaryIPs().isEmpty()) {
            throw invalid(
                    "service-args error",
                    "secondaryIPs",
                    entry.secondaryIPs().size() + " of them",
                    "a service has one VIP here, leave it empty and make a rule for each further VIP");
        }
        ServiceKey key = key(vip, protocol, arguments.port(), arguments.portMax(), arguments.block());
        List<EndpointSpec> endpoints = EndpointReader.read(entry.endpoints(), key, mode);
        String privateIp = privateIp(arguments, vip);
        Rule rule = new Rule(
                key, normal(arguments, key, privateIp), endpoints, SourceReader.read(entry.allowedSources(), vip));
        Combinations.check(rule);
        return rule;
    }

    /** The key of a rule; {@code portMax} 0 means one port. */
    static ServiceKey key(InetAddress vip, Protocol protocol, int port, int portMax, long block) {
        if (protocol == Protocol.ICMP) {
            checkPortless("port", port);
            checkPortless("portMax", portMax);
        } else {
            checkPort("port", port);
            if (portMax != 0) {
                checkPort("portMax", portMax);
            }
        }
        if (portMax != 0 && portMax < port) {
            throw invalid("serv-port-args range error", "portMax", portMax, "give at least port=" + port);
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
        throw invalid("malformed-proto error", "protocol", text, "give tcp, udp, sctp or icmp");
    }

    /** The address that clients write so. */
    static InetAddress address(String field, String text) {
        return IpLiteral.parse(text)
                .orElseThrow(() -> invalid(
                        "malformed-service error",
                        field,
                        text,
                        "give an IP address such as 192.168.80.200 or 2001:db8::200"));
    }

    /** The mode with this code. */
    static NatMode mode(int code) {
        for (NatMode mode : NatMode.values()) {
            if (mode.code() == code) {
                return mode;
            }
        }
        throw invalid(
                "service-args error",
                "mode",
                code,
                "give 0 (default), 1 (onearm), 2 (fullnat), 3 (dsr) or 5 (hostonearm)");
    }

    /** The selection with this code. */
    static Selection selection(int code) {
        for (Selection selection : Selection.values()) {
            if (selection.code() == code) {
                return selection;
            }
        }
        throw invalid("service-args error", "sel", code, "give 0 (rr), 1 (hash), 2 (priority), 3 (persist) or 4 (lc)");
    }

    /** Whether a host on a network can have the address, and any other host can reach it by that alone. */
    static boolean hostAddress(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isMulticastAddress()) {
            return false;
        }
        int first = Byte.toUnsignedInt(address.getAddress()[0]);
        return address instanceof Inet4Address ? first != 0 && first < 240 : !address.isLinkLocalAddress();
    }

    private static InetAddress vip(String text, NatMode mode) {
        InetAddress vip = address("externalIP", text);
        if (mode == NatMode.HOST_ONE_ARM) {
            if (!vip.isAnyLocalAddress()) {
                throw invalid(
                        "hostarm-args error",
                        "externalIP",
                        text,
                        "mode 5 (hostonearm) serves every address of the host, give 0.0.0.0 or ::");
            }
        } else if (vip.isAnyLocalAddress()) {
            throw invalid(
                    "malformed-service error",
                    "externalIP",
                    text,
                    "give the address of a host, or mode 5 (hostonearm) for every address of this one");
        } else if (!hostAddress(vip)) {
            throw invalid(
                    "malformed-service error",
                    "externalIP",
                    text,
                    "give the address of a host, not loopback, multicast, broadcast"
                            + (vip instanceof Inet6Address ? " or link-local" : " or network 0"));
        }
        return vip;
    }

    private static void checkPort(String field, int port) {
        if (port < 1 || port > PORT_MAX) {
            throw invalid("serv-port-args range error", field, port, "give 1-65535");
        }
    }

    private static void checkPortless(String field, int port) {
        if (port != 0) {
            throw invalid("serv-port-args range error", field, port, "icmp has no ports, give 0");
        }
    }

    /** Canonical, or empty where it says no more than the VIP does. */
    private static String privateIp(ServiceArguments arguments, InetAddress vip) {
        String text = arguments.privateIP();
        if (text.isEmpty()) {
            return "";
        }
        InetAddress address = address("privateIP", text);
        if (address.equals(vip)) {
            return "";
        }
        if (arguments.mode() != NatMode.FULL_NAT.code()) {
            throw invalid(
                    "malformed-service error",
                    "privateIP",
                    text,
                    "only mode 2 (fullnat) has a source of its own, give that mode or leave it empty");
        }
        if (!hostAddress(address)) {
            throw invalid(
                    "malformed-service error",
                    "privateIP",
                    text,
                    "give the address of a host, not loopback, multicast or broadcast");
        }
        return IpLiteral.text(address);
    }

    private static int idleTimeoutS(Protocol protocol) {
        return protocol == Protocol.TCP || protocol == Protocol.SCTP ? IDLE_TIMEOUT_STREAM_S : IDLE_TIMEOUT_DATAGRAM_S;
    }

    private static ServiceArguments normal(ServiceArguments a, ServiceKey key, String privateIp) {
        boolean probed = !a.probetype().isEmpty() && !a.probetype().equals("none");
        return new ServiceArguments(
                IpLiteral.text(key.vip()),
                privateIp,
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
                a.inactiveTimeOut() != 0 ? a.inactiveTimeOut() : idleTimeoutS(key.protocol()),
                a.name(),
                false,
                0,
                "",
                false,
                false,
                a.probeIntervalMs(),
                a.probeTimeoutMs(),
                a.probeRise());
    }
}
