package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What stands between an IPv6 header and its transport header, RFC 8200 section 4. One object is reused for every packet;
 * its accessors tell about the last walk, if that was {@link #OK}.
 *
 * <pre>
 *            0       1       2               4                               8
 *  others    +-------+-------+------------------------------------------------
 *            | next  | length| in units of 8 bytes without the first 8 (AH: of 4 without 8)
 *            +-------+-------+---------------+-------------------------------+
 *  fragment  | next  | 0     | offset    |0|M| identification                |
 *            +-------+-------+---------------+-------------------------------+
 * </pre>
 */
public final class Ipv6Extensions {
    public static final int OK = 0;

    /** A header ends behind the packet. */
    public static final int TRUNCATED = -1;

    /** More headers than eight, two fragment headers, or a routing header that has not been followed to its end. */
    public static final int MALFORMED = -2;

    /** Bytes of a fragment header. */
    public static final int FRAGMENT_LENGTH = 8;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int HEADERS_MAX = 8;

    private static final int SEGMENTS_LEFT = 3;
    private static final int OFFSET_AND_MORE = 2;
    private static final int IDENTIFICATION = 4;

    private UnsafeBuffer buffer;
    private int ipOffset;
    private int protocol;
    private int transportOffset;
    private int fragmentOffset;
    private int fragmentField;
    private int protocolField;

    /**
     * Walks from the IPv6 header to the transport header. Behind a fragment header that is not the first one's, what
     * follows is payload and the walk ends there.
     *
     * @param ipOffset where the IPv6 header starts; its 40 bytes are there
     * @param end first byte behind the packet
     */
    public int walk(UnsafeBuffer buffer, int ipOffset, int end) {
        this.buffer = buffer;
        this.ipOffset = ipOffset;
        fragmentOffset = -1;
        fragmentField = 0;
        protocolField = ipOffset + 6;
        protocol = buffer.getByte(protocolField) & 0xFF;
        transportOffset = ipOffset + Ipv6Flyweight.LENGTH;
        for (int headers = 0; isExtension(protocol); headers++) {
            if (headers == HEADERS_MAX) {
                return MALFORMED;
            }
            if (end - transportOffset < 8) {
                return TRUNCATED;
            }
            int refused = step();
            if (refused != OK || fragmentOffsetBytes() != 0) {
                return refused;
            }
            if (transportOffset > end) {
                return TRUNCATED;
            }
        }
        return OK;
    }

    private int step() {
        int start = transportOffset;
        int length = ((buffer.getByte(start + 1) & 0xFF) + 1) << 3;
        if (protocol == Ipv4Flyweight.PROTOCOL_FRAGMENT) {
            if (fragmentOffset >= 0) {
                return MALFORMED;
            }
            fragmentOffset = start;
            fragmentField = buffer.getShort(start + OFFSET_AND_MORE, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            length = FRAGMENT_LENGTH;
        } else if (protocol == AUTHENTICATION) {
            length = ((buffer.getByte(start + 1) & 0xFF) + 2) << 2;
        } else if (protocol == ROUTING && buffer.getByte(start + SEGMENTS_LEFT) != 0) {
            return MALFORMED; // its checksum is over an address that is not yet the destination
        }
        protocolField = start;
        protocol = buffer.getByte(start) & 0xFF;
        transportOffset = start + length;
        return OK;
    }

    private static boolean isExtension(int protocol) {
        return protocol == HOP_BY_HOP
                || protocol == ROUTING
                || protocol == Ipv4Flyweight.PROTOCOL_FRAGMENT
                || protocol == AUTHENTICATION
                || protocol == DESTINATION_OPTIONS;
    }

    /** The upper protocol; behind the header of a later fragment, what that header names. */
    public int protocol() {
        return protocol;
    }

    /** Where the upper protocol's header, or the payload of a later fragment, starts. */
    public int transportOffset() {
        return transportOffset;
    }

    /** Where the fragment header starts, or -1. */
    public int fragmentHeaderOffset() {
        return fragmentOffset;
    }

    /** Where the byte is that names the upper protocol. */
    public int protocolFieldOffset() {
        return protocolField;
    }

    /** Whether the packet is a piece of another; not for an atomic fragment (RFC 6946), which is whole. */
    public boolean isFragment() {
        return (fragmentField & 0xFFF9) != 0;
    }

    public boolean isFirstFragment() {
        return (fragmentField & 0xFFF9) == 1;
    }

    public boolean isLaterFragment() {
        return (fragmentField & 0xFFF8) != 0;
    }

    /** Where this piece belongs in the whole, bytes; 0 without a fragment header. */
    public int fragmentOffsetBytes() {
        return fragmentField & 0xFFF8;
    }

    public boolean moreFragments() {
        return (fragmentField & 1) != 0;
    }

    /** Of the fragment header; 0 without one. */
    public int identification() {
        return fragmentOffset < 0 ? 0 : buffer.getInt(fragmentOffset + IDENTIFICATION, ByteOrder.BIG_ENDIAN);
    }

    /** Whether there are headers that a translation to IPv4 loses: all but the fragment header. */
    public boolean hasOthers() {
        int known = Ipv6Flyweight.LENGTH + (fragmentOffset < 0 ? 0 : FRAGMENT_LENGTH);
        return transportOffset - ipOffset != known;
    }

    /** Writes a fragment header. */
    public static void fragmentHeader(
            UnsafeBuffer buffer, int offset, int protocol, int offsetBytes, boolean more, int identification) {
        buffer.putInt(offset, protocol << 24 | (offsetBytes & 0xFFF8) | (more ? 1 : 0), ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + IDENTIFICATION, identification, ByteOrder.BIG_ENDIAN);
    }
}
