package io.gatun.forwarder.agent;

import io.gatun.forwarder.nat.PortSpace;
import java.net.InetAddress;

/**
 * The source that a service's packets get towards its endpoints.
 *
 * @param address of the endpoints' family
 * @param ports to go with it
 * @param moves whether the address moves with the VIP, so that connections can survive a takeover
 */
record SnatChoice(InetAddress address, PortSpace ports, boolean moves) {}
