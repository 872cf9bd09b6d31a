package io.gatun.lab;

import java.util.Locale;

/** The bridge that makes the flat L2 network, in a namespace of its own; ports are named after the hosts. */
final class Switch {
    private static final String BRIDGE = "br0";

    private final Namespace namespace;
    private int ports;

    Switch(Namespace namespace) {
        this.namespace = namespace;
    }

    /** Forwards at once (no spanning tree) and floods multicast, as a plain switch does; has no address of its own. */
    void boot() {
        namespace.sysctl("ipv6/conf/all/disable_ipv6", "1");
        namespace.sysctl("ipv6/conf/default/disable_ipv6", "1");
        Ip.in(
                namespace,
                "link add name " + BRIDGE + " address 02:67:ff:00:00:01 type bridge stp_state 0 mcast_snooping 0");
        Ip.in(namespace, "link set dev " + BRIDGE + " up");
    }

    /** The end of a cable that goes into the next port. */
    Cable.End port(String host) {
        ports++;
        return new Cable.End(
                namespace, host, String.format(Locale.ROOT, "02:67:01:%02x:%02x:01", ports >> 8, ports & 0xff));
    }

    void plugIn(Cable.End port) {
        Ip.in(namespace, "link set dev " + port.device() + " master " + BRIDGE);
        Ip.in(namespace, "link set dev " + port.device() + " up");
    }
}
