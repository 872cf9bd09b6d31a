package io.gatun.api.rest;

import io.gatun.api.model.Conntrack;
import io.gatun.api.model.IpLiteral;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import java.net.InetAddress;

/** One direction of a connection in loxilb's words (contract section 3.6). */
final class ConntrackRow {
    private ConntrackRow() {}

    static Conntrack of(ConnectionSnapshot connection) {
        String name = connection.service() == null ? "" : connection.service().name();
        return new Conntrack(
                IpLiteral.text(connection.destination()),
                IpLiteral.text(connection.source()),
                connection.destinationPort(),
                connection.sourcePort(),
                connection.protocol().text(),
                "0:0",
                connection.state(),
                act(connection),
                connection.packets(),
                connection.bytes(),
                name.isEmpty() ? "-" : name);
    }

    /**
     * {@code dnat-IP:port:wN} where one address changes, {@code fdnat-SOURCE,IP:port:wN} where both do, and
     * {@code ddsr-IP:port:wN} where the endpoint answers by itself.
     */
    private static String act(ConnectionSnapshot connection) {
        boolean direct = connection.mode() == NatMode.DSR;
        boolean both = connection.mode() != NatMode.DNAT && !direct;
        String kind = (connection.reply() ? "s" : "d") + (direct ? "dsr-" : "nat-");
        InetAddress other = connection.reply() ? connection.newDestination() : connection.newSource();
        InetAddress shown = connection.reply() ? connection.newSource() : connection.newDestination();
        int port = connection.reply() ? connection.newSourcePort() : connection.newDestinationPort();
        return (both ? "f" : "") + kind + (both ? IpLiteral.text(other) + "," : "") + IpLiteral.text(shown) + ":" + port
                + ":w" + weight(connection);
    }

    private static int weight(ConnectionSnapshot connection) {
        if (connection.service() == null) {
            return 0;
        }
        InetAddress address = connection.reply() ? connection.source() : connection.newDestination();
        int port = connection.reply() ? connection.sourcePort() : connection.newDestinationPort();
        for (EndpointSpec endpoint : connection.service().endpoints()) {
            if ((endpoint.port() == port || endpoint.port() == 0)
                    && endpoint.address().equals(address)) {
                return endpoint.weight();
            }
        }
        return 0;
    }
}
