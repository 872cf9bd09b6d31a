package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * Whose address the packets of a service have towards its endpoints. An endpoint's address and port can tell as many
 * connections apart as there are ports, of all services with this source together.
 *
 * @param ports source ports that may go with the address
 */
public record NatSource(InetAddress address, int ports) {}
