package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * Whether an endpoint of a service is well enough for new flows.
 *
 * @param service the service; health is its own, another service with the same endpoint is not concerned
 * @param address the endpoint's address
 * @param port the endpoint's port, as in its spec
 * @param healthy false when it shall get no new flow; the flows that it has go on
 */
public record EndpointHealth(ServiceKey service, InetAddress address, int port, boolean healthy) {}
