package io.gatun.forwarder.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Ipv6ExtensionsTest {
    private static final int IP = 5;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private int end;

    @Test
    void withoutAnyTheTransportFollows() {
        assertEquals(Ipv6Extensions.OK, walk(udp()));
        assertEquals(17, extensions.protocol());
        assertEquals(IP + 40, extensions.transportOffset());
        assertEquals(-1, extensions.fragmentHeaderOffset());
        assertFalse(extensions.isFragment());
        assertFalse(extensions.hasOthers());
    }

    @Test
    void everyKindIsWalkedThrough() {
        Packet packet = udp().extension(0, 1, 4)
                .extension(60, new int[20])
                .extension(43, 4, 0)
                .extension(51, new int[22])
                .piece(1_480, /* more= */ true, 0x8000_0001);
        packet.payload(new byte[64]);

        assertEquals(Ipv6Extensions.OK, walk(packet));
        assertEquals(17, extensions.protocol());
        assertEquals(IP + packet.wire().transport() - 14, extensions.transportOffset());
        assertEquals(extensions.transportOffset() - 8, extensions.fragmentHeaderOffset());
        assertEquals(1_480, extensions.fragmentOffsetBytes());
        assertTrue(extensions.moreFragments());
        assertTrue(extensions.isLaterFragment());
        assertEquals(0x8000_0001, extensions.identification());
        assertTrue(extensions.hasOthers());
    }

    @Test
    void anAtomicFragmentIsWhole() {
        assertEquals(Ipv6Extensions.OK, walk(udp().piece(0, false, 7)));
        assertFalse(extensions.isFragment());
        assertEquals(7, extensions.identification());
    }

    @Test
    void nineHeadersAreTooMany() {
        Packet packet = udp();
        for (int i = 0; i < 8; i++) {
            packet.extension(60, 1, 4);
        }
        assertEquals(Ipv6Extensions.OK, walk(packet));
        assertEquals(Ipv6Extensions.MALFORMED, walk(packet.extension(60, 1, 4)));
    }

    @Test
    void aSourceRouteThatGoesOnIsRefused() {
        assertEquals(Ipv6Extensions.MALFORMED, walk(udp().extension(43, 0, 1)));
    }

    @Test
    void aHeaderThatEndsBehindThePacketIsTruncated() {
        Packet packet = udp().extension(0, new int[14]);
        byte[] bytes = packet.ipBytes();
        for (int length = 40; length < 56; length++) {
            buffer.putBytes(IP, bytes);
            assertEquals(Ipv6Extensions.TRUNCATED, extensions.walk(buffer, IP, IP + length));
        }
    }

    @Test
    void garbageIsNeverReadPastTheEnd() {
        Random random = new Random(8200);
        int[] numbers = {0, 43, 44, 51, 60, 17};
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[40 + random.nextInt(100)];
            random.nextBytes(bytes);
            bytes[6] = (byte) numbers[random.nextInt(6)];
            for (int at = 40; at + 1 < bytes.length; at += 8) {
                bytes[at] = (byte) numbers[random.nextInt(6)];
                bytes[at + 1] = (byte) random.nextInt(3);
            }
            UnsafeBuffer exact = new UnsafeBuffer(bytes);
            if (extensions.walk(exact, 0, bytes.length) == Ipv6Extensions.OK) {
                assertTrue(extensions.transportOffset() <= bytes.length);
            }
        }
    }

    private static Packet udp() {
        return Packets.udp("2001:db8::1", 1, "2001:db8::2", 2);
    }

    private int walk(Packet packet) {
        byte[] bytes = packet.ipBytes();
        buffer.putBytes(IP, bytes);
        end = IP + bytes.length;
        return extensions.walk(buffer, IP, end);
    }
}
