package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * One server behind a service.
 *
 * @param address its address
 * @param port its port, 1-65535; 0 for ICMP, and where a service of a range of ports leaves the port as it is
 * @param weight its share, 0-65535
 */
public record EndpointSpec(InetAddress address, int port, int weight) {}
