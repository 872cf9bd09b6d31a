package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.macOf;

import io.gatun.forwarder.nexthop.NextHopTable;

/** The flat network of the tests. Gatun has one arm in 192.168.80.0/24; 10.0.0.0/8 lies behind a router. */
public final class Lan {
    public static final String VIP = "192.168.80.200";
    public static final String CLIENT = "192.168.80.10";
    public static final String OTHER_CLIENT = "192.168.80.12";
    public static final String FAR_CLIENT = "10.1.2.3";
    public static final String ROUTER = "192.168.80.1";
    public static final String E1 = "192.168.80.101";
    public static final String E2 = "192.168.80.102";
    public static final String E3 = "192.168.80.103";

    /** On the link, but not resolved. */
    public static final String UNRESOLVED = "192.168.80.66";

    /** Behind another interface of the node. */
    public static final String ELSEWHERE = "172.16.0.9";

    /** In no route. */
    public static final String NOWHERE = "8.8.8.8";

    public static final int INTERFACE = 3;

    private Lan() {}

    /** Routes, and the MACs of all hosts but {@link #UNRESOLVED}. */
    public static NextHopTable.Builder nextHops() {
        NextHopTable.Builder builder = new NextHopTable.Builder()
                .onLink(ip("192.168.80.0"), 24, INTERFACE, 0)
                .route(ip("10.0.0.0"), 8, ip(ROUTER), INTERFACE, 0)
                .onLink(ip("172.16.0.0"), 16, INTERFACE + 1, 0);
        for (String host : new String[] {CLIENT, OTHER_CLIENT, ROUTER, E1, E2, E3}) {
            builder.neighbour(INTERFACE, ip(host), macOf(ip(host)));
        }
        return builder;
    }
}
