package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.high;
import static io.gatun.forwarder.packet.Packets.ip;
import static io.gatun.forwarder.packet.Packets.low;
import static io.gatun.forwarder.packet.Packets.macOf;

import io.gatun.forwarder.nexthop.NextHopTable;

/**
 * The flat network of the tests. Gatun has one arm in 192.168.80.0/24 and fd00:80::/64; 10.0.0.0/8 and fd00:10::/32 lie
 * behind a router, 172.16.0.0/16 behind another interface that is served, 172.17.0.0/16 behind one that is not.
 */
public final class Lan {
    public static final String VIP = "192.168.80.200";
    public static final String CLIENT = "192.168.80.10";
    public static final String OTHER_CLIENT = "192.168.80.12";
    public static final String FAR_CLIENT = "10.1.2.3";
    public static final String ROUTER = "192.168.80.1";
    public static final String E1 = "192.168.80.101";
    public static final String E2 = "192.168.80.102";
    public static final String E3 = "192.168.80.103";

    public static final String VIP6 = "fd00:80::200";
    public static final String CLIENT6 = "fd00:80::10";
    public static final String FAR_CLIENT6 = "fd00:10::7";
    public static final String ROUTER6 = "fd00:80::1";
    public static final String E61 = "fd00:80::101";
    public static final String E62 = "fd00:80::102";

    /** Endpoints of direct server return that are not on the link. */
    public static final String FAR_ENDPOINT = "10.9.9.9";

    public static final String FAR_ENDPOINT6 = "fd00:10::9";

    /** The node itself. */
    public static final String NODE = "192.168.80.5";

    /** On the link, but not resolved. */
    public static final String UNRESOLVED = "192.168.80.66";

    /** Behind another interface of the node. */
    public static final String ELSEWHERE = "172.16.0.9";

    /** In no route. */
    public static final String NOWHERE = "8.8.8.8";

    /** Behind an interface that is not served. */
    public static final String POD = "172.17.0.9";

    public static final int INTERFACE = 3;

    /** Another interface that is served, in 172.16.0.0/16. */
    public static final int OTHER_INTERFACE = 4;

    /** Our end of the local pair. */
    public static final int LOCAL_INTERFACE = 9;

    private Lan() {}

    /** Routes, and the MACs of all hosts but {@link #UNRESOLVED}. */
    public static NextHopTable.Builder nextHops() {
        NextHopTable.Builder builder = new NextHopTable.Builder()
                .onLink(ip("192.168.80.0"), 24, INTERFACE, 0)
                .route(ip("10.0.0.0"), 8, ip(ROUTER), INTERFACE, 0)
                .onLink(ip("172.16.0.0"), 16, OTHER_INTERFACE, 0)
                .onLink(ip("172.17.0.0"), 16, OTHER_INTERFACE + 1, 0)
                .local(ip(NODE))
                .onLink6(high("fd00:80::"), low("fd00:80::"), 64, INTERFACE, 0)
                .route6(high("fd00:10::"), low("fd00:10::"), 32, high(ROUTER6), low(ROUTER6), INTERFACE, 0, 0)
                .neighbour(OTHER_INTERFACE, ip(ELSEWHERE), macOf(ip(ELSEWHERE)));
        for (String host : new String[] {CLIENT, OTHER_CLIENT, ROUTER, E1, E2, E3}) {
            builder.neighbour(INTERFACE, ip(host), macOf(ip(host)));
        }
        for (String host : new String[] {CLIENT6, ROUTER6, E61, E62}) {
            builder.neighbour6(INTERFACE, high(host), low(host), macOf((int) low(host)));
        }
        return builder;
    }
}
