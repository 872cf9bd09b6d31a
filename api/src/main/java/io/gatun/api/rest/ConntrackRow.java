package io.gatun.api.rest;

import io.gatun.api.model.Conntrack;
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
                connection.destination().getHostAddress(),
                connection.source().getHostAddress(),
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

    /** {@code dnat-IP:port:wN} where one address changes, {@code fdnat-SOURCE,IP:port:wN} where both do. */
    private static String act(ConnectionSnapshot connection) {
        boolean both = connection.mode() != NatMode.DNAT && connection.mode() != NatMode.DSR;
        String kind = (both ? "f" : "") + (connection.reply() ? "snat-" : "dnat-");
        InetAddress other = connection.reply() ? connection.newDestination() : connection.newSource();
        InetAddress shown = connection.reply() ? connection.newSource() : connection.newDestination();
        int port = connection.reply() ? connection.newSourcePort() : connection.newDestinationPort();
        return kind + (both ? other.getHostAddress() + "," : "") + shown.getHostAddress() + ":" + port + ":w"
                + weight(connection);
    }

    private static int weight(ConnectionSnapshot connection) {
        if (connection.service() == null) {
            return 0;
        }
        InetAddress address = connection.reply() ? connection.source() : connection.newDestination();
        int port = connection.reply() ? connection.sourcePort() : connection.newDestinationPort();
        for (EndpointSpec endpoint : connection.service().endpoints()) {
            if (endpoint.port() == port && endpoint.address().equals(address)) {
                return endpoint.weight();
            }
        }
        return 0;
    }
}
