package io.gatun.api.system;

import java.util.ArrayList;
import java.util.List;

/**
 * One cell of the table of what Gatun forwards.
 *
 * @param engine {@code xdp} or {@code raw}
 * @param mode how an endpoint gets its packets
 * @param family of the VIP and of the endpoint
 * @param protocol {@code tcp}, {@code udp}, {@code sctp} or {@code icmp}
 */
record Cell(String engine, Mode mode, Family family, String protocol) {
    /** A server of its own, bound to the VIP. */
    static final int DIRECT_UDP = 5354;

    static final List<String> ENGINES = List.of("xdp", "raw");
    static final List<String> PROTOCOLS = List.of("tcp", "udp", "sctp", "icmp");

    /** The NAT mode of the rule, and for direct server return where the endpoint is. */
    enum Mode {
        DNAT(0),
        ONE_ARM(1),
        FULL_NAT(2),
        DSR_ON_THE_LINK(3),
        DSR_IN_A_TUNNEL(3),
        HOST_ONE_ARM(5);

        final int code;

        Mode(int code) {
            this.code = code;
        }

        boolean direct() {
            return code == 3;
        }
    }

    enum Family {
        IPV4,
        IPV6,
        /** The VIP is IPv6, the endpoint IPv4. */
        NAT64
    }

    /** Those that make sense; the API refuses the others. */
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (String engine : ENGINES) {
            for (Family family : Family.values()) {
                for (Mode mode : Mode.values()) {
                    if (family == Family.NAT64 && (mode.direct() || mode == Mode.HOST_ONE_ARM)) {
                        continue;
                    }
                    for (String protocol : PROTOCOLS) {
                        cells.add(new Cell(engine, mode, family, protocol));
                    }
                }
            }
        }
        return cells;
    }

    boolean vipIsIpv6() {
        return family != Family.IPV4;
    }

    boolean endpointIsIpv6() {
        return family == Family.IPV6;
    }

    /** The same for all protocols of an engine, mode and family, and for nothing else. */
    private int group() {
        return 100
                + ENGINES.indexOf(engine) * 40
                + List.of(Mode.values()).indexOf(mode) * 3
                + List.of(Family.values()).indexOf(family);
    }

    String vip() {
        if (mode == Mode.HOST_ONE_ARM) {
            return loadBalancer(vipIsIpv6());
        }
        return address(vipIsIpv6(), group());
    }

    String loadBalancer(boolean ipv6) {
        return address(ipv6, 5 + ENGINES.indexOf(engine));
    }

    /** The source of mode 2. */
    String privateAddress() {
        return address(endpointIsIpv6(), group() + 20);
    }

    String endpoint() {
        if (mode == Mode.DSR_IN_A_TUNNEL) {
            return endpointIsIpv6() ? "fd00:9::11" : "10.9.0.11";
        }
        return address(endpointIsIpv6(), mode == Mode.DSR_ON_THE_LINK ? 12 : 11);
    }

    /** The host that has {@link #endpoint}. */
    String server() {
        return switch (mode) {
            case DSR_ON_THE_LINK -> "near";
            case DSR_IN_A_TUNNEL -> "far";
            default -> "ep1";
        };
    }

    /** What the endpoint sees as source. */
    String source() {
        return switch (mode) {
            case DNAT, DSR_ON_THE_LINK, DSR_IN_A_TUNNEL ->
                family == Family.NAT64 ? loadBalancer(false) : address(vipIsIpv6(), 10);
            case ONE_ARM -> family == Family.NAT64 ? loadBalancer(false) : vip();
            case FULL_NAT -> privateAddress();
            case HOST_ONE_ARM -> loadBalancer(endpointIsIpv6());
        };
    }

    int targetPort() {
        return switch (protocol) {
            case "tcp" -> FlatLan.HTTP;
            case "udp" -> mode.direct() ? DIRECT_UDP : FlatLan.UDP;
            case "sctp" -> 7;
            default -> 0;
        };
    }

    /** Direct server return changes none. */
    int port() {
        return mode.direct() || protocol.equals("icmp") ? targetPort() : targetPort() + 1000;
    }

    String ruleJson() {
        String vip = mode == Mode.HOST_ONE_ARM ? (vipIsIpv6() ? "::" : "0.0.0.0") : vip();
        String privateIp = mode == Mode.FULL_NAT ? ",\"privateIP\":\"" + privateAddress() + "\"" : "";
        return "{\"serviceArguments\":{\"externalIP\":\"" + vip + "\",\"port\":" + port() + ",\"protocol\":\""
                + protocol
                + "\",\"mode\":" + mode.code + ",\"sel\":" + (mode.direct() ? 1 : 0) + privateIp
                + "},\"endpoints\":[{\"endpointIP\":\"" + endpoint() + "\",\"targetPort\":" + targetPort()
                + ",\"weight\":1}]}";
    }

    private static String address(boolean ipv6, int host) {
        return (ipv6 ? "fd00:80::" : "192.168.80.") + host;
    }

    @Override
    public String toString() {
        return engine + " " + family + " " + mode + " " + protocol;
    }
}
