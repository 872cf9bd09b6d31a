package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * What the packets of an endpoint of a service say of it. Counts are of connections since the endpoint is there, and may
 * wrap after 2^32: differences tell.
 *
 * @param service the service
 * @param address the endpoint's address
 * @param port its port, as in its spec
 * @param refused RSTs to a SYN, ABORTs to an INIT
 * @param unreachable ICMP errors about a SYN or an INIT: destination unreachable
 * @param unanswered SYNs and INITs that expired without an answer
 * @param lastAnswer changes whenever a SYN or an INIT was accepted, at most once in some milliseconds
 * @param drained of an endpoint of weight 0: whether its last connection has ended
 */
public record EndpointSignals(
        ServiceKey service,
        InetAddress address,
        int port,
        long refused,
        long unreachable,
        long unanswered,
        int lastAnswer,
        boolean drained) {
    /** All that did not become a connection. */
    public long failures() {
        return refused + unreachable + unanswered;
    }
}
