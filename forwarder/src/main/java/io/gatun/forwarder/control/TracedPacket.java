package io.gatun.forwarder.control;

import org.agrona.DirectBuffer;

/**
 * A packet that was seen, and what became of it.
 *
 * @param timeNs of its arrival, nanoseconds since 1970
 * @param port interface and queue, such as {@code eth0/0}
 * @param frame its first bytes as they arrived, from the Ethernet header on
 * @param length bytes of the whole frame
 * @param explanation the steps it went
 */
public record TracedPacket(long timeNs, String port, DirectBuffer frame, int length, Explanation explanation) {}
