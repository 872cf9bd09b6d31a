package io.gatun.ha.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** Neighbour discovery as hex text, blanks ignored; checksums were computed by another program. */
public final class NdpExamples {
    /** 2001:db8:80::c8 */
    public static final IpAddress VIP = new IpAddress(0x2001_0db8_0080_0000L, 0xc8);

    private static final String VIP_HEX = "20010db80080000000000000000000c8";
    private static final String CLIENT_HEX = "20010db8008000000000000000000010";
    private static final String ALL_NODES_HEX = "ff020000000000000000000000000001";
    private static final String GROUP_HEX = "ff0200000000000000000001ff0000c8";

    /** The client, 2001:db8:80::10, asks the VIP's group for it. */
    public static final String SOLICITATION = "3333ff0000c8 02000000000c 86dd 60000000 0020 3a ff " + CLIENT_HEX + " "
            + GROUP_HEX + " 87 00 1981 00000000 " + VIP_HEX + " 0101 02000000000c";

    /** The client checks that the VIP is still where it was (RFC 4861 section 7.3.3). */
    public static final String UNICAST_SOLICITATION = "020000000001 02000000000c 86dd 60000000 0018 3a ff " + CLIENT_HEX
            + " " + VIP_HEX + " 87 00 ec61 00000000 " + VIP_HEX;

    /** The client wants to take the VIP (RFC 4862 section 5.4.2). */
    public static final String PROBE = "3333ff0000c8 02000000000c 86dd 60000000 0018 3a ff "
            + "00000000000000000000000000000000 " + GROUP_HEX + " 87 00 4adf 00000000 " + VIP_HEX;

    /** The client says that the VIP is its own. */
    public static final String CLAIM = "333300000001 02000000000c 86dd 60000000 0020 3a ff " + VIP_HEX + " "
            + ALL_NODES_HEX + " 88 00 f691 20000000 " + VIP_HEX + " 0201 02000000000c";

    /** The client asks for 2001:db8:80::1 as if it had the VIP. */
    public static final String SOLICITATION_FROM_THE_VIP = "3333ff000001 02000000000c 86dd 60000000 0020 3a ff "
            + VIP_HEX + " ff0200000000000000000001ff000001 87 00 1a57 00000000 20010db8008000000000000000000001"
            + " 0101 02000000000c";

    public static final String ANNOUNCEMENT = "333300000001 020000000001 86dd 60000000 0020 3a ff " + VIP_HEX + " "
            + ALL_NODES_HEX + " 88 00 f69c 20000000 " + VIP_HEX + " 0201 020000000001";

    public static final String ANSWER = "02000000000c 020000000001 86dd 60000000 0020 3a ff " + VIP_HEX + " "
            + CLIENT_HEX + " 88 00 8757 60000000 " + VIP_HEX + " 0201 020000000001";

    private NdpExamples() {}

    /** The frame with the checksum that its other bytes ask for. */
    public static String sealed(String hex) {
        byte[] frame = Frames.bytes(hex);
        seal(frame);
        return HexFormat.of().formatHex(frame);
    }

    /** Writes the checksum of RFC 4443 section 2.3, word by word. */
    public static void seal(byte[] frame) {
        ByteBuffer words = ByteBuffer.wrap(frame).putShort(56, (short) 0);
        words.putShort(56, (short) ~sum(frame));
    }

    /** The folded sum of the pseudo-header and the message of a whole frame; 0xffff when the checksum is right. */
    public static int sum(byte[] frame) {
        int payloadBytes = ByteBuffer.wrap(frame).getShort(18) & 0xffff;
        byte[] summed = Arrays.copyOfRange(frame, 22, 54 + payloadBytes + payloadBytes % 2);
        if (payloadBytes % 2 == 1) {
            summed[summed.length - 1] = 0;
        }
        int sum = payloadBytes + 58;
        ByteBuffer words = ByteBuffer.wrap(summed);
        while (words.hasRemaining()) {
            sum += words.getShort() & 0xffff;
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    public static NdpFlyweight ndp(String hex) {
        return new NdpFlyweight().wrap(Frames.buffer(hex), 0);
    }

    /** The first 86 bytes. */
    public static String hex(UnsafeBuffer buffer) {
        byte[] frame = new byte[NdpFlyweight.LENGTH_BYTES];
        buffer.getBytes(0, frame);
        return hex(frame);
    }

    /** In the shape of the constants above. */
    public static String hex(byte[] frame) {
        return HexFormat.of()
                .formatHex(frame)
                .replaceFirst(
                        "(.{12})(.{12})(.{4})(.{8})(.{4})(..)(..)(.{32})(.{32})(..)(..)(.{4})(.{8})(.{32})(.{4})(.{12})",
                        "$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $12 $13 $14 $15 $16");
    }
}
