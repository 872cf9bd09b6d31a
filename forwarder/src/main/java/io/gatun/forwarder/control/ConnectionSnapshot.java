package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * One direction of a connection, that is one tuple of the table.
 *
 * @param source sender of the packets of this direction, as they arrive at us
 * @param destination their destination, as they arrive at us
 * @param state loxilb's words, contract section 3.6: {@code sync-sent}, {@code est}, {@code udp-est}, ...
 * @param reply false for client to VIP, true for endpoint to us
 * @param newSource sender after the rewrite
 * @param newDestination destination after the rewrite
 * @param packets packets of this direction
 * @param bytes bytes of IP packets of this direction
 * @param idleS seconds since the last packet of this direction
 * @param service the service it belongs to, or null when that service is gone
 */
public record ConnectionSnapshot(
        Protocol protocol,
        InetAddress source,
        int sourcePort,
        InetAddress destination,
        int destinationPort,
        String state,
        boolean reply,
        NatMode mode,
        InetAddress newSource,
        int newSourcePort,
        InetAddress newDestination,
        int newDestinationPort,
        long packets,
        long bytes,
        long idleS,
        ServiceSpec service) {}
