package io.gatun.ha.health;

import java.net.InetAddress;

/**
 * What is asked. Two that are equal are asked once, for whoever wants to know.
 *
 * @param port 0 where the type has none
 * @param request what is sent: of udp the datagram, of http and https the path; empty for the usual
 * @param expected what must be in the answer; empty for anything
 */
public record ProbeTarget(InetAddress address, ProbeType type, int port, String request, String expected) {}
