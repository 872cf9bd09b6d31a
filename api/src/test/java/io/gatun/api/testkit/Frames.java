package io.gatun.api.testkit;

import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.TracedPacket;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames, and packets that a trace shows. */
public final class Frames {
    /** 2026-03-04T05:06:07.000000089Z. */
    public static final long TIME_NS = 1_772_600_767_000_000_089L;

    private static final String MACS = "020000000001" + "020000000002";

    private Frames() {}

    /** Octets from hexadecimal text with blanks. */
    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** An Ethernet frame without padding. */
    public static byte[] ethernet(String type, String payload) {
        return hex(MACS + type + payload);
    }

    /** 10.0.0.7:51000 to 192.168.80.200:80, a TCP SYN of 54 bytes. */
    public static byte[] syn() {
        return ethernet(
                "0800",
                "45000028 00014000 40060000 0a000007 c0a850c8" + "c7380050 00000001 00000000 50021000 00000000");
    }

    /** What forwarding says of {@link #syn}. */
    public static Explanation forwarded() {
        return new Explanation(
                List.of(
                        new Explanation.Step("steering", "192.168.80.200 is a VIP"),
                        new Explanation.Step("endpoint", "192.168.80.11:8080 is next in turn")),
                "forward",
                "");
    }

    public static TracedPacket traced(String port, byte[] frame, Explanation explanation) {
        return new TracedPacket(TIME_NS, port, new UnsafeBuffer(frame), frame.length, explanation);
    }
}
