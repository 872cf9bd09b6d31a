package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * A packet that somebody imagines: the first one of a connection, or any later one.
 *
 * @param protocol transport; of ICMP an echo request, whose identifier is the source port
 * @param source sender
 * @param sourcePort 0-65535
 * @param destination receiver, a VIP or a source address of ours
 * @param destinationPort 0-65535
 */
public record ExplainQuery(
        Protocol protocol, InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {}
