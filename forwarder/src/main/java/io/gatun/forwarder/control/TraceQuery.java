package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * Real packets to be shown.
 *
 * @param vip packets to, from or about this address
 * @param count how many, 1-10000
 * @param timeoutMs give up after so long, 1-3600000
 */
public record TraceQuery(InetAddress vip, int count, long timeoutMs) {}
