package io.gatun.bench.traffic;

import java.net.Inet4Address;

/**
 * What the forwarded frames must look like.
 *
 * @param flows how many flows there are
 * @param source sender after NAT
 * @param destination where NAT sends them
 * @param destinationPort port there
 */
public record SinkSpec(int flows, Inet4Address source, Inet4Address destination, int destinationPort) {}
