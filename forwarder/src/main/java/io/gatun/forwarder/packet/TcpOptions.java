package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** TCP options, RFC 9293 section 3.2. */
public final class TcpOptions {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int MSS_LENGTH = 4;
    private static final int CHECKSUM = 16;

    private TcpOptions() {}

    /**
     * Lowers the maximum segment size that a SYN announces, and its checksum with it; a partial checksum (the sum of the
     * pseudo-header alone) must be given as such, because the options are no part of it. Options that end where they
     * should not are left alone.
     *
     * @param headerLength bytes of the TCP header with options, all of which are there
     * @param partial whether the checksum is left to the device
     * @return whether the segment size was lowered
     */
    public static boolean clampMss(UnsafeBuffer buffer, int tcpOffset, int headerLength, int maxMss, boolean partial) {
        int at = mss(buffer, tcpOffset + TransportFlyweight.TCP_LENGTH_MIN, tcpOffset + headerLength);
        if (at < 0) {
            return false;
        }
        int announced = buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        if (announced <= maxMss) {
            return false;
        }
        buffer.putShort(at, (short) maxMss, ByteOrder.BIG_ENDIAN);
        if (!partial) {
            int checksum = buffer.getShort(tcpOffset + CHECKSUM, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            int swap = ((at - tcpOffset) & 1) * 8; // behind an odd number of bytes the words lie across
            long delta = InternetChecksum.delta(swapped(announced, swap), swapped(maxMss, swap));
            buffer.putShort(
                    tcpOffset + CHECKSUM, (short) InternetChecksum.update(checksum, delta), ByteOrder.BIG_ENDIAN);
        }
        return true;
    }

    /** As {@link #clampMss(UnsafeBuffer, int, int, int, boolean)} with a complete checksum. */
    public static boolean clampMss(UnsafeBuffer buffer, int tcpOffset, int headerLength, int maxMss) {
        return clampMss(buffer, tcpOffset, headerLength, maxMss, false);
    }

    /** A word at an odd address adds to the sum with its bytes exchanged, RFC 1071 section 2 (B). */
    private static int swapped(int word, int bits) {
        return (word << bits | word >>> (16 - bits)) & 0xFFFF;
    }

    /** Where the size stands, or -1. */
    private static int mss(UnsafeBuffer buffer, int start, int end) {
        int at = start;
        while (at < end) {
            int kind = buffer.getByte(at);
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            if (kind == END || at + 1 >= end) {
                return -1;
            }
            int length = buffer.getByte(at + 1) & 0xFF;
            if (length < 2 || at + length > end) {
                return -1;
            }
            if (kind == MAXIMUM_SEGMENT_SIZE) {
                return length == MSS_LENGTH ? at + 2 : -1;
            }
            at += length;
        }
        return -1;
    }
}
