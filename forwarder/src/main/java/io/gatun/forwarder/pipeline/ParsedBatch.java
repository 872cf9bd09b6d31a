package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;

/** What the first pass learns of each frame of a batch, for the passes after it. Made once per agent and reused. */
final class ParsedBatch {
    final int[] ipOffset = new int[FrameBatch.CAPACITY];
    final int[] transportOffset = new int[FrameBatch.CAPACITY];

    /** Bytes of the IP packet: the frame may be longer, because Ethernet pads. */
    final int[] ipLength = new int[FrameBatch.CAPACITY];

    final int[] source = new int[FrameBatch.CAPACITY];
    final int[] destination = new int[FrameBatch.CAPACITY];

    /** Source port in the upper half, destination port in the lower. */
    final int[] ports = new int[FrameBatch.CAPACITY];

    final int[] ttl = new int[FrameBatch.CAPACITY];
    final int[] protocol = new int[FrameBatch.CAPACITY];
    final int[] hash = new int[FrameBatch.CAPACITY];

    /** Slot of the connection table, or negative. */
    final long[] slot = new long[FrameBatch.CAPACITY];

    /** Null for a packet that goes on to the lookup. */
    final DropReason[] refused = new DropReason[FrameBatch.CAPACITY];

    /** Bytes of transport header and payload: for UDP what its own length field says. */
    final int[] transportLength = new int[FrameBatch.CAPACITY];
}
