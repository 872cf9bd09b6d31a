package io.gatun.forwarder.control;

/**
 * An endpoint and what it has done.
 *
 * @param spec the endpoint as asked for
 * @param active whether new flows may be sent to it
 * @param packets packets in both directions since the service was made
 * @param bytes bytes of IP packets in both directions
 * @param flows connections in the table now
 */
public record EndpointSnapshot(EndpointSpec spec, boolean active, long packets, long bytes, long flows) {}
