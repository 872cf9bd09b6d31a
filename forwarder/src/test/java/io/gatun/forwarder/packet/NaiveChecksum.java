package io.gatun.forwarder.packet;

/** The Internet checksum as RFC 1071 section 1 words it: 16 bits at a time, carry added at once. Slow and obvious. */
public final class NaiveChecksum {
    private int sum;

    public NaiveChecksum add(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i += 2) {
            int high = bytes[offset + i] & 0xFF;
            int low = i + 1 < length ? bytes[offset + i + 1] & 0xFF : 0;
            word(high << 8 | low);
        }
        return this;
    }

    public NaiveChecksum pseudoHeader(int source, int destination, int protocol, int lengthBytes) {
        word(source >>> 16);
        word(source & 0xFFFF);
        word(destination >>> 16);
        word(destination & 0xFFFF);
        word(protocol);
        word(lengthBytes);
        return this;
    }

    /** Each half of an address is a long. */
    public NaiveChecksum pseudoHeader6(
            long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int protocol, int lengthBytes) {
        for (long half : new long[] {sourceHigh, sourceLow, destinationHigh, destinationLow}) {
            for (int shift = 48; shift >= 0; shift -= 16) {
                word((int) (half >>> shift) & 0xFFFF);
            }
        }
        word(lengthBytes >>> 16);
        word(lengthBytes & 0xFFFF);
        word(protocol);
        return this;
    }

    private void word(int word) {
        sum += word;
        if (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + 1;
        }
    }

    /** The sum, not complemented. */
    public int sum() {
        return sum;
    }

    /** What belongs in the checksum field. */
    public int checksum() {
        return ~sum & 0xFFFF;
    }
}
