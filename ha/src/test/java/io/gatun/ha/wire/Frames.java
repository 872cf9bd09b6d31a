package io.gatun.ha.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames as hex text, blanks ignored. */
public final class Frames {
    public static final MacAddress OURS = MacAddress.parse("02:00:00:00:00:01");
    public static final MacAddress CLIENT = MacAddress.parse("02:00:00:00:00:0c");

    /** 192.168.80.200 */
    public static final int VIP = 0xc0a850c8;

    /** The client, 192.168.80.10, asks everyone for the VIP. */
    public static final String REQUEST =
            "ffffffffffff 02000000000c 0806 0001 0800 06 04 0001" + " 02000000000c c0a8500a 000000000000 c0a850c8";

    /** The client wonders whether the VIP is free (RFC 5227 section 2.1.1). */
    public static final String PROBE =
            "ffffffffffff 02000000000c 0806 0001 0800 06 04 0001" + " 02000000000c 00000000 000000000000 c0a850c8";

    /** The client says that the VIP is its own. */
    public static final String CLAIM =
            "ffffffffffff 02000000000c 0806 0001 0800 06 04 0001" + " 02000000000c c0a850c8 000000000000 c0a850c8";

    public static final String GRATUITOUS_REQUEST =
            "ffffffffffff 020000000001 0806 0001 0800 06 04 0001" + " 020000000001 c0a850c8 000000000000 c0a850c8";

    public static final String GRATUITOUS_REPLY =
            "ffffffffffff 020000000001 0806 0001 0800 06 04 0002" + " 020000000001 c0a850c8 020000000001 c0a850c8";

    public static final String ANSWER =
            "02000000000c 020000000001 0806 0001 0800 06 04 0002" + " 020000000001 c0a850c8 02000000000c c0a8500a";

    public static final String PROBE_ANSWER =
            "02000000000c 020000000001 0806 0001 0800 06 04 0002" + " 020000000001 c0a850c8 02000000000c 00000000";

    private Frames() {}

    public static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** A direct buffer of 128 bytes that begins with the frame. */
    public static UnsafeBuffer buffer(String hex) {
        UnsafeBuffer buffer = empty();
        buffer.putBytes(0, bytes(hex));
        return buffer;
    }

    public static UnsafeBuffer empty() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(128));
    }

    public static ArpFlyweight arp(String hex) {
        return new ArpFlyweight().wrap(buffer(hex), 0);
    }

    /** The first 42 bytes as {@link #bytes} reads them. */
    public static String hex(UnsafeBuffer buffer) {
        byte[] frame = new byte[ArpFlyweight.LENGTH_BYTES];
        buffer.getBytes(0, frame);
        return hex(frame);
    }

    /** In the shape of the constants above. */
    public static String hex(byte[] frame) {
        String all = HexFormat.of().formatHex(frame);
        return all.replaceFirst(
                "(.{12})(.{12})(.{4})(.{4})(.{4})(..)(..)(.{4})(.{12})(.{8})(.{12})(.{8})",
                "$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $12");
    }
}
