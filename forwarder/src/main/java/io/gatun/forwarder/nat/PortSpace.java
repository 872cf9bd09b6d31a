package io.gatun.forwarder.nat;

/**
 * The source ports that may be given to flows, and the order in which a flow tries them: a walk through the whole space
 * that starts at, and steps by, numbers from the flow's hash, so that two nodes with the same table choose alike.
 */
public final class PortSpace {
    /** A full walk could take thousands of probes; after these the space counts as exhausted for this flow. */
    public static final int TRIES_MAX = 256;

    private final int first;
    private final int count;

    /**
     * A space of ports.
     *
     * @param first lowest port, at least 1
     * @param last highest port, at most 65535
     */
    public PortSpace(int first, int last) {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException(
                    "nat-ports=" + first + "-" + last + ", must be a range within 1-65535, such as 1024-65535");
        }
        this.first = first;
        this.count = last - first + 1;
    }

    public int first() {
        return first;
    }

    public int last() {
        return first + count - 1;
    }

    /** Ports in the space. */
    public int size() {
        return count;
    }

    /** The port of the {@code attempt}th try of a flow, counted from 0. */
    public int port(int flowHash, int attempt) {
        long start = Integer.toUnsignedLong(flowHash) % count;
        long step = count == 1 ? 0 : 1 + (Integer.toUnsignedLong(Integer.rotateLeft(flowHash, 16)) % (count - 1));
        return first + (int) ((start + attempt * step) % count);
    }
}
