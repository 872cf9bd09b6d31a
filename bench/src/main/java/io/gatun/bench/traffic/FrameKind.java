package io.gatun.bench.traffic;

/**
 * What the frames of a run are like.
 *
 * @param bytes of each, without FCS
 * @param syn whether they are TCP SYNs, of which the flows of the traffic are the sources; else UDP datagrams
 * @param timed whether the sink looks at how late they come; only those that are sent by the clock tell
 */
public record FrameKind(int bytes, boolean syn, boolean timed) {
    /** What a NIC adds and veth does not carry. */
    public static final int FCS_BYTES = 4;

    /** An MTU of 1,500 and the Ethernet header. */
    static final int BYTES_MAX = 1_514;

    public static final FrameKind SMALLEST = new FrameKind(UdpFrame.BYTES, false);

    /** TCP SYNs. */
    public static final FrameKind SYN = new FrameKind(UdpFrame.BYTES, true, false);

    /** UDP datagrams. */
    public FrameKind(int bytes, boolean timed) {
        this(bytes, false, timed);
    }

    public FrameKind {
        if (bytes < UdpFrame.BYTES || bytes > BYTES_MAX || bytes % 2 != 0) {
            throw new IllegalArgumentException("frameBytes=" + (bytes + FCS_BYTES) + ", give an even number, "
                    + (UdpFrame.BYTES + FCS_BYTES) + "-" + (BYTES_MAX + FCS_BYTES));
        }
    }

    /** Frames of this length with FCS. */
    public static FrameKind ofWire(int wireBytes) {
        return new FrameKind(wireBytes - FCS_BYTES, false);
    }

    /** Their length on a wire. */
    public int wireBytes() {
        return bytes + FCS_BYTES;
    }
}
