package io.gatun.forwarder.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {
    private static final int TCP = 14 + 20;

    @Test
    void theSegmentSizeIsLoweredWhereverItStands() {
        for (int before = 0; before < 4; before++) {
            int[] options = new int[8];
            Arrays.fill(options, 1);
            put(options, before, 1460);
            int[] clamped = options.clone();
            put(clamped, before, 1301);

            assertEquals(syn(clamped).wire(), clamped(syn(options), true, 1301));
        }
    }

    @Test
    void aSmallerOneStays() {
        Packet packet = syn(2, 4, 1400 >> 8, 1400 & 0xFF);
        assertEquals(packet.wire(), clamped(packet, false, 1400));
    }

    @Test
    void malformedOptionsAreLeftAlone() {
        int[][] all = {{0, 2, 4, 0xFF}, {2, 3, 5, 0xB4}, {8, 0, 2, 4}, {8, 1, 2, 4}, {1, 1, 1, 2}, {3, 9, 2, 4}};
        for (int[] options : all) {
            int[] padded = Arrays.copyOf(options, (options.length + 3) & ~3);
            assertEquals(syn(padded).wire(), clamped(syn(padded), false, 100));
        }
        Packet bare = syn();
        assertEquals(bare.wire(), clamped(bare, false, 100));
    }

    private static void put(int[] options, int at, int mss) {
        options[at] = 2;
        options[at + 1] = 4;
        options[at + 2] = mss >> 8;
        options[at + 3] = mss & 0xFF;
    }

    private static Packet syn(int... options) {
        return Packets.tcp("192.168.80.10", 40_000, "192.168.80.200", 80).tcpOptions(options);
    }

    private static WireFrame clamped(Packet packet, boolean expected, int mss) {
        byte[] bytes = packet.bytes();
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        int headerLength = 4 * ((bytes[TCP + 12] >>> 4) & 0xF);
        boolean changed = TcpOptions.clampMss(buffer, TCP, headerLength, mss);
        if (expected) {
            assertTrue(changed);
        } else {
            assertFalse(changed);
        }
        return new WireFrame(bytes);
    }
}
