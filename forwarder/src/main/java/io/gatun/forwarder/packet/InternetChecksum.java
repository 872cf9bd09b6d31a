package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums are longs that hold partial
 * one's-complement sums of 16-bit big-endian words, not yet folded.
 */
public final class InternetChecksum {
    private InternetChecksum() {}

    /**
     * Sums {@code length} bytes; an odd last byte counts as if a zero followed.
     *
     * @return a partial sum
     */
    public static long sum(UnsafeBuffer buffer, int offset, int length) {
        long sum = 0;
        int index = offset;
        int longsEnd = offset + (length & ~7);
        for (; index < longsEnd; index += 8) {
            long word = buffer.getLong(index, ByteOrder.BIG_ENDIAN);
            sum += (word >>> 32) + (word & 0xFFFF_FFFFL);
        }
        if ((length & 4) != 0) {
            sum += buffer.getInt(index, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
            index += 4;
        }
        if ((length & 2) != 0) {
            sum += buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFFL;
            index += 2;
        }
        if ((length & 1) != 0) {
            sum += (buffer.getByte(index) & 0xFFL) << 8;
        }
        return sum;
    }

    /** The pseudo-header of TCP and UDP over IPv4, RFC 9293 section 3.1. */
    public static long pseudoHeader(int source, int destination, int protocol, int lengthBytes) {
        return (source & 0xFFFF_FFFFL) + (destination & 0xFFFF_FFFFL) + protocol + lengthBytes;
    }

    /** The pseudo-header over IPv6, RFC 8200 section 8.1. */
    public static long pseudoHeader6(
            long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int protocol, int lengthBytes) {
        return words(sourceHigh)
                + words(sourceLow)
                + words(destinationHigh)
                + words(destinationLow)
                + protocol
                + lengthBytes;
    }

    /** Both halves of eight bytes as a partial sum. */
    public static long words(long eightBytes) {
        return (eightBytes >>> 32) + (eightBytes & 0xFFFF_FFFFL);
    }

    /** Folds a partial sum to 16 bits. */
    public static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xFFFF_FFFFL);
        folded = (folded >>> 16) + (folded & 0xFFFF);
        folded = (folded >>> 16) + (folded & 0xFFFF);
        return (int) ((folded >>> 16) + (folded & 0xFFFF));
    }

    /** The checksum field for this sum: folded and complemented. */
    public static int of(long sum) {
        return ~fold(sum) & 0xFFFF;
    }

    /**
     * What replacing one 32-bit word by another adds to the sum under a checksum: {@code ~m + m'} of RFC 1624.
     *
     * @return a partial sum, to be added up over all replaced words
     */
    public static long delta(int before, int after) {
        return (~before & 0xFFFF_FFFFL) + (after & 0xFFFF_FFFFL);
    }

    /** Equation 3 of RFC 1624: {@code HC' = ~(~HC + ~m + m')}. */
    public static int update(int checksum, long delta) {
        return of((~checksum & 0xFFFFL) + delta);
    }
}
