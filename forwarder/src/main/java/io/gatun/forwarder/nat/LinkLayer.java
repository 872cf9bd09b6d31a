package io.gatun.forwarder.nat;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** The link-layer header with all VLAN tags, moved when the IP header behind it becomes longer or shorter. */
final class LinkLayer {
    private LinkLayer() {}

    /** Moves all bytes before {@code ipOffset}, fewer than 32, by {@code distance}, which may be negative. */
    static void move(UnsafeBuffer buffer, int frameOffset, int ipOffset, int distance) {
        if (distance < 0) {
            forwards(buffer, frameOffset, ipOffset, distance);
        } else if (distance > 0) {
            backwards(buffer, frameOffset, ipOffset, distance);
        }
    }

    /** As {@link #move}, with another type in the last two bytes. */
    static void move(UnsafeBuffer buffer, int frameOffset, int ipOffset, int distance, int type) {
        move(buffer, frameOffset, ipOffset, distance);
        buffer.putShort(ipOffset + distance - 2, (short) type, ByteOrder.BIG_ENDIAN);
    }

    private static void forwards(UnsafeBuffer buffer, int from, int to, int distance) {
        int index = from;
        for (; index + 2 <= to; index += 2) {
            buffer.putShort(index + distance, buffer.getShort(index));
        }
    }

    private static void backwards(UnsafeBuffer buffer, int from, int to, int distance) {
        for (int index = to - 2; index >= from; index -= 2) {
            buffer.putShort(index + distance, buffer.getShort(index));
        }
    }
}
