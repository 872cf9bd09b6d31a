package io.gatun.forwarder.frame;

/**
 * Up to {@link #CAPACITY} frames, each an (offset, length) into the port's memory with a verdict. Made once per agent
 * and reused.
 */
public final class FrameBatch {
    /** NAPI's own batch size, NAPI_POLL_WEIGHT of include/linux/netdevice.h. */
    public static final int CAPACITY = 64;

    private static final byte DROP = 0;
    private static final byte TRANSMIT = 1;
    private static final byte HOLD = 2;

    private final int[] offsets = new int[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final int[] offloads = new int[CAPACITY];
    private final byte[] verdicts = new byte[CAPACITY];
    private int size;
    private int limit = CAPACITY;

    /** Forgets all frames. */
    public void clear() {
        size = 0;
    }

    /** Frames that a port may put into it. */
    public int limit() {
        return limit;
    }

    /** From now on a port puts so many frames into it at most, 1 to {@link #CAPACITY}. */
    public void limit(int frames) {
        limit = frames;
    }

    /** Frames in the batch. */
    public int size() {
        return size;
    }

    /** Adds a plain frame whose verdict is, until changed, to be dropped. The batch must not be full. */
    public void add(int offset, int length) {
        add(offset, length, Offload.NONE);
    }

    /** Adds a frame with what its sender left for the device to do, see {@link Offload}. */
    public void add(int offset, int length, int offload) {
        offsets[size] = offset;
        lengths[size] = length;
        offloads[size] = offload;
        verdicts[size] = DROP;
        size++;
    }

    /** Where frame {@code i} starts in the port's memory, bytes. */
    public int offset(int i) {
        return offsets[i];
    }

    /** Bytes of frame {@code i}, from the Ethernet header on, without FCS. */
    public int length(int i) {
        return lengths[i];
    }

    /** What is left for the device to do with frame {@code i}, see {@link Offload}. */
    public int offload(int i) {
        return offloads[i];
    }

    /** Nothing is left for the device to do: the pipeline has made another frame of it, or completed its checksum. */
    public void plain(int i) {
        offloads[i] = Offload.NONE;
    }

    /** Frame {@code i} starts elsewhere in its chunk from now on: a header was made longer or shorter. */
    public void moved(int i, int offset) {
        offsets[i] = offset;
    }

    /** Something else is left for the device to do with frame {@code i}: its header grew, its segments shrink. */
    public void offload(int i, int offload) {
        offloads[i] = offload;
    }

    /** Frame {@code i} goes to the wire and starts elsewhere in its chunk: a header was made longer or shorter. */
    public void transmit(int i, int offset, int length) {
        offsets[i] = offset;
        transmit(i, length);
    }

    /** Frame {@code i} goes back to the wire, {@code length} bytes of it. */
    public void transmit(int i, int length) {
        lengths[i] = length;
        verdicts[i] = TRANSMIT;
    }

    /** Frame {@code i} goes back to the pool of free frames. */
    public void drop(int i) {
        verdicts[i] = DROP;
    }

    /** Frame {@code i} stays with the pipeline, which will give it back through the port. */
    public void hold(int i) {
        verdicts[i] = HOLD;
    }

    public boolean isTransmit(int i) {
        return verdicts[i] == TRANSMIT;
    }

    public boolean isDrop(int i) {
        return verdicts[i] == DROP;
    }

    public boolean isHeld(int i) {
        return verdicts[i] == HOLD;
    }
}
