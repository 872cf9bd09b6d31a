package io.gatun.api.model;

/**
 * A packet that was seen, as a line of {@code GET /gatun/v1/trace}.
 *
 * @param time of its arrival, RFC 3339 in UTC with nanoseconds
 * @param port interface and queue, such as {@code eth0/0}
 * @param summary the frame in one line: addresses, ports, flags
 * @param length bytes of the whole frame
 * @param frame its first bytes as they arrived, from the Ethernet header on; base64 in JSON
 * @param explanation the steps it went, and what became of it
 */
@SuppressWarnings("ArrayRecordComponent") // written and read once, never compared
public record Traced(String time, String port, String summary, int length, byte[] frame, Explained explanation) {}
