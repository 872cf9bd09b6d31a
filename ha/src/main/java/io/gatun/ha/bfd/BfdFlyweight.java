package io.gatun.ha.bfd;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * The mandatory section of a BFD control packet, which is the payload of a UDP datagram (RFC 5880 section 4.1). All
 * numbers are big-endian, intervals are unsigned microseconds.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-----+---------+---+-+-+-+-+-+-+---------------+---------------+
 *  |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect mult  |    Length     |
 *  +-----+---------+---+-+-+-+-+-+-+---------------+---------------+
 *  |                       My discriminator                        |
 *  +---------------------------------------------------------------+
 *  |                      Your discriminator                       |
 *  +---------------------------------------------------------------+
 *  |                   Desired min TX interval                     |
 *  +---------------------------------------------------------------+
 *  |                   Required min RX interval                    |
 *  +---------------------------------------------------------------+
 *  |                 Required min echo RX interval                 |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class BfdFlyweight {
    public static final int LENGTH_BYTES = 24;

    /** The TTL or hop limit that is sent and required (RFC 5881 section 5). */
    public static final int HOP_LIMIT = 255;

    static final int DIAGNOSTIC_OFFSET = 0;
    static final int FLAGS_OFFSET = 1;
    static final int MULTIPLIER_OFFSET = 2;
    static final int LENGTH_OFFSET = 3;
    static final int MY_DISCRIMINATOR_OFFSET = 4;
    static final int YOUR_DISCRIMINATOR_OFFSET = 8;
    static final int DESIRED_MIN_TX_OFFSET = 12;
    static final int REQUIRED_MIN_RX_OFFSET = 16;
    static final int REQUIRED_MIN_ECHO_RX_OFFSET = 20;

    static final int POLL = 0x20;
    static final int FINAL = 0x10;
    static final int AUTHENTICATED = 0x04;
    static final int DEMAND = 0x02;
    static final int MULTIPOINT = 0x01;

    private static final int VERSION = 1;
    private static final int VERSION_SHIFT = 5;
    private static final int DIAGNOSTIC_MASK = 0x1f;
    private static final int STATE_SHIFT = 6;
    /** With the type and length of an authentication section. */
    private static final int AUTHENTICATED_LENGTH_BYTES = 26;

    private MutableDirectBuffer buffer;
    private int offset;

    /** Looks at the packet that starts at this offset. */
    public BfdFlyweight wrap(MutableDirectBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * Whether the fields may be read, as far as that can be told without knowing sessions (RFC 5880 section 6.8.6, RFC
     * 5881 section 5): {@link BfdVerdict#NO_SESSION} is never the answer. Authentication is judged last, after the
     * session, by {@link #authenticated}.
     *
     * @param lengthBytes of the UDP payload as received
     * @param hopLimit TTL or hop limit as received, -1 when it is not known
     */
    public BfdVerdict validate(int lengthBytes, int hopLimit) {
        if (hopLimit != HOP_LIMIT) {
            return BfdVerdict.FROM_AFAR;
        }
        if (lengthBytes < LENGTH_BYTES) {
            return BfdVerdict.TRUNCATED;
        }
        if (u8(DIAGNOSTIC_OFFSET) >>> VERSION_SHIFT != VERSION) {
            return BfdVerdict.BAD_VERSION;
        }
        int least = authenticated() ? AUTHENTICATED_LENGTH_BYTES : LENGTH_BYTES;
        if (u8(LENGTH_OFFSET) < least || u8(LENGTH_OFFSET) > lengthBytes) {
            return BfdVerdict.BAD_LENGTH;
        }
        if (multiplier() == 0) {
            return BfdVerdict.ZERO_MULTIPLIER;
        }
        if (flag(MULTIPOINT)) {
            return BfdVerdict.MULTIPOINT;
        }
        if (myDiscriminator() == 0) {
            return BfdVerdict.ZERO_MY_DISCRIMINATOR;
        }
        if (yourDiscriminator() == 0 && state() != BfdState.DOWN && state() != BfdState.ADMIN_DOWN) {
            return BfdVerdict.ZERO_YOUR_DISCRIMINATOR;
        }
        return BfdVerdict.ACCEPTED;
    }

    /** Writes what every packet of ours has in common: version, length, no echo. */
    BfdFlyweight fillConstants() {
        buffer.putByte(offset + DIAGNOSTIC_OFFSET, (byte) (VERSION << VERSION_SHIFT));
        buffer.putByte(offset + LENGTH_OFFSET, (byte) LENGTH_BYTES);
        return u32(REQUIRED_MIN_ECHO_RX_OFFSET, 0);
    }

    public BfdDiagnostic diagnostic() {
        return BfdDiagnostic.of(u8(DIAGNOSTIC_OFFSET) & DIAGNOSTIC_MASK);
    }

    BfdFlyweight diagnostic(BfdDiagnostic diagnostic) {
        buffer.putByte(offset + DIAGNOSTIC_OFFSET, (byte) (VERSION << VERSION_SHIFT | diagnostic.code()));
        return this;
    }

    public BfdState state() {
        return BfdState.of(u8(FLAGS_OFFSET) >>> STATE_SHIFT);
    }

    /** Sets the state, poll and final, and clears all other flags. */
    BfdFlyweight stateAndFlags(BfdState state, boolean poll, boolean isFinal) {
        int flags = state.code() << STATE_SHIFT | (poll ? POLL : 0) | (isFinal ? FINAL : 0);
        buffer.putByte(offset + FLAGS_OFFSET, (byte) flags);
        return this;
    }

    public boolean poll() {
        return flag(POLL);
    }

    /** Whether it answers a poll. */
    public boolean isFinal() {
        return flag(FINAL);
    }

    public boolean authenticated() {
        return flag(AUTHENTICATED);
    }

    public boolean demand() {
        return flag(DEMAND);
    }

    public int multiplier() {
        return u8(MULTIPLIER_OFFSET);
    }

    BfdFlyweight multiplier(int multiplier) {
        buffer.putByte(offset + MULTIPLIER_OFFSET, (byte) multiplier);
        return this;
    }

    public int myDiscriminator() {
        return buffer.getInt(offset + MY_DISCRIMINATOR_OFFSET, BIG_ENDIAN);
    }

    BfdFlyweight myDiscriminator(int discriminator) {
        return u32(MY_DISCRIMINATOR_OFFSET, discriminator);
    }

    public int yourDiscriminator() {
        return buffer.getInt(offset + YOUR_DISCRIMINATOR_OFFSET, BIG_ENDIAN);
    }

    BfdFlyweight yourDiscriminator(int discriminator) {
        return u32(YOUR_DISCRIMINATOR_OFFSET, discriminator);
    }

    public long desiredMinTxUs() {
        return u32(DESIRED_MIN_TX_OFFSET);
    }

    BfdFlyweight desiredMinTxUs(long intervalUs) {
        return u32(DESIRED_MIN_TX_OFFSET, intervalUs);
    }

    public long requiredMinRxUs() {
        return u32(REQUIRED_MIN_RX_OFFSET);
    }

    BfdFlyweight requiredMinRxUs(long intervalUs) {
        return u32(REQUIRED_MIN_RX_OFFSET, intervalUs);
    }

    private boolean flag(int mask) {
        return (u8(FLAGS_OFFSET) & mask) != 0;
    }

    private int u8(int field) {
        return buffer.getByte(offset + field) & 0xff;
    }

    private long u32(int field) {
        return buffer.getInt(offset + field, BIG_ENDIAN) & 0xffff_ffffL;
    }

    private BfdFlyweight u32(int field, long value) {
        buffer.putInt(offset + field, (int) value, BIG_ENDIAN);
        return this;
    }
}
