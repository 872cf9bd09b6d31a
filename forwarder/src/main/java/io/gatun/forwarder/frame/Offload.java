package io.gatun.forwarder.frame;

/**
 * What the sender of a frame left for the device to do, in one int: the fields of struct virtio_net_hdr
 * (include/uapi/linux/virtio_net.h) that do not follow from the headers themselves.
 *
 * <pre>
 *   31    25 24       23      16 15                0
 *  +-------+---------+----------+------------------+
 *  | 0     | partial | gso type | gso size         |
 *  +-------+---------+----------+------------------+
 * </pre>
 */
public final class Offload {
    /** An ordinary frame. */
    public static final int NONE = 0;

    /** The transport checksum field holds the folded sum of the pseudo-header; the device adds the rest. */
    public static final int PARTIAL = 1 << 24;

    /** VIRTIO_NET_HDR_GSO_*; ECN is a flag beside the type. */
    public static final int GSO_TCPV4 = 1;

    public static final int GSO_TCPV6 = 4;
    public static final int GSO_UDP_L4 = 5;
    public static final int GSO_ECN = 0x80;

    private static final int TYPE_SHIFT = 16;

    private Offload() {}

    /**
     * Packs.
     *
     * @param partial whether the checksum is left to the device
     * @param gsoType of virtio, 0 for none
     * @param gsoSize payload bytes of each segment, 0 without GSO
     */
    public static int of(boolean partial, int gsoType, int gsoSize) {
        return (partial ? PARTIAL : 0) | (gsoType & 0xFF) << TYPE_SHIFT | (gsoSize & 0xFFFF);
    }

    public static boolean isPartial(int offload) {
        return (offload & PARTIAL) != 0;
    }

    /** Type with the ECN flag; 0 for an ordinary frame. */
    public static int gsoType(int offload) {
        return (offload >>> TYPE_SHIFT) & 0xFF;
    }

    /** The same with segments of another size. */
    public static int withGsoSize(int offload, int gsoSize) {
        return (offload & ~0xFFFF) | (gsoSize & 0xFFFF);
    }

    /** Payload bytes of each segment that the frame is to be cut into, or 0. */
    public static int gsoSize(int offload) {
        return offload & 0xFFFF;
    }
}
