package io.gatun.forwarder.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Against bytes written down by hand, at an offset that is not zero. */
class FlyweightTest {
    private static final int OFFSET = 6;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(256));

    @Test
    void ethernetIsRead() {
        EthernetFlyweight ethernet = new EthernetFlyweight().wrap(put("f26700000a01 02ff80c8fe99 0806"), OFFSET);

        assertEquals(0xF267_0000_0A01L, ethernet.destination());
        assertEquals(0x02FF_80C8_FE99L, ethernet.source());
        assertEquals(EthernetFlyweight.TYPE_ARP, ethernet.type());
    }

    @Test
    void ethernetIsWritten() {
        new EthernetFlyweight()
                .wrap(buffer, OFFSET)
                .addresses(0xF267_0000_0A01L, 0x02FF_80C8_FE99L)
                .type(EthernetFlyweight.TYPE_IPV4);

        assertBytes("f26700000a01 02ff80c8fe99 0800");
    }

    @Test
    void ipv4IsRead() {
        // The header of RFC 1071's companion examples: UDP, 192.168.0.1 to 192.168.0.199, with four bytes of options.
        Ipv4Flyweight ip =
                new Ipv4Flyweight().wrap(put("46 00 f073 0001 4000 ff 11 b861 c0a80001 c0a800c7 94040000"), OFFSET);

        assertEquals(4, ip.version());
        assertEquals(24, ip.headerLength());
        assertEquals(0xF073, ip.totalLength());
        assertFalse(ip.isFragment());
        assertEquals(255, ip.ttl());
        assertEquals(Ipv4Flyweight.PROTOCOL_UDP, ip.protocol());
        assertEquals(0xB861, ip.checksum());
        assertEquals(Packets.ip("192.168.0.1"), ip.source());
        assertEquals(Packets.ip("192.168.0.199"), ip.destination());
    }

    @Test
    void aFragmentIsAnyPieceOfAPacket() {
        for (int field : new int[] {0x2000, 0x0001, 0x1FFF, 0x20B9, 0x6000}) {
            assertTrue(fragment(field), Integer.toHexString(field));
        }
        for (int field : new int[] {0x0000, 0x4000, 0x8000}) {
            assertFalse(fragment(field), Integer.toHexString(field));
        }
    }

    @Test
    void ipv4IsWritten() {
        new Ipv4Flyweight()
                .wrap(buffer, OFFSET)
                .header(
                        Ipv4Flyweight.PROTOCOL_TCP,
                        40,
                        /* source= */ Packets.ip("192.168.80.200"),
                        /* destination= */ Packets.ip("192.168.80.10"));

        assertBytes("45 00 0028 0000 4000 40 06 18ad c0a850c8 c0a8500a");
    }

    @Test
    void tcpIsRead() {
        TransportFlyweight tcp = new TransportFlyweight()
                .wrap(put("9c40 0050 fffffffe 80000001 80 12 faf0 1c46 0000"), OFFSET, Ipv4Flyweight.PROTOCOL_TCP);

        assertEquals(40_000 << 16 | 80, tcp.ports());
        assertEquals(-2, tcp.tcpSequence());
        assertEquals(0x8000_0001, tcp.tcpAcknowledgment());
        assertEquals(32, tcp.tcpHeaderLength());
        assertEquals(TransportFlyweight.SYN | TransportFlyweight.ACK, tcp.tcpFlags());
        assertEquals(0x1C46, tcp.checksum());
    }

    @Test
    void tcpIsWritten() {
        buffer.setMemory(0, buffer.capacity(), (byte) 0xEE);
        new TransportFlyweight()
                .wrap(buffer, OFFSET, Ipv4Flyweight.PROTOCOL_TCP)
                .tcpHeader(80 << 16 | 40_000, -2, 1_001, TransportFlyweight.RST | TransportFlyweight.ACK)
                .checksum(0xABCD);

        assertBytes("0050 9c40 fffffffe 000003e9 50 14 0000 abcd 0000");
    }

    @Test
    void udpIsReadAndWritten() {
        TransportFlyweight udp =
                new TransportFlyweight().wrap(put("f000 0035 ffff 8001 aaaa"), OFFSET, Ipv4Flyweight.PROTOCOL_UDP);
        assertEquals(0xF000_0035, udp.ports());
        assertEquals(0xFFFF, udp.udpLength());
        assertEquals(0x8001, udp.checksum());

        udp.ports(0x0035_F000).checksum(0xFFFF);
        assertBytes("0035 f000 ffff ffff aaaa");
    }

    @Test
    void icmpIsWrittenOverItsData() {
        buffer.putBytes(OFFSET + IcmpFlyweight.LENGTH, new byte[] {1, 2, 3});
        new IcmpFlyweight()
                .wrap(buffer, OFFSET)
                .header(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE, 3);

        assertBytes("03 03 f8fa 00000000 010203");
    }

    @Test
    void anEchoRequestBecomesItsReply() {
        IcmpFlyweight icmp = new IcmpFlyweight().wrap(put("08 00 e5ca 1234 0001"), OFFSET);
        assertEquals(IcmpFlyweight.ECHO_REQUEST, icmp.type());

        icmp.toEchoReply(8);

        assertBytes("00 00 edca 1234 0001");
    }

    @Test
    void anEchoRequestOfZerosBecomesAReplyOfZerosWithItsChecksum() {
        new IcmpFlyweight().wrap(put("08 00 f7ff 0000 0000 000000"), OFFSET).toEchoReply(11);

        assertBytes("00 00 ffff 0000 0000 000000");
    }

    private boolean fragment(int field) {
        byte[] bytes = HexFormat.of().parseHex("4500002800000000400600000a0000010a000002");
        bytes[6] = (byte) (field >>> 8);
        bytes[7] = (byte) field;
        buffer.putBytes(OFFSET, bytes);
        return new Ipv4Flyweight().wrap(buffer, OFFSET).isFragment();
    }

    private UnsafeBuffer put(String hex) {
        buffer.putBytes(OFFSET, HexFormat.of().parseHex(hex.replace(" ", "")));
        return buffer;
    }

    private void assertBytes(String hex) {
        byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] actual = new byte[expected.length];
        buffer.getBytes(OFFSET, actual);
        assertArrayEquals(expected, actual, () -> HexFormat.of().formatHex(actual) + " " + Arrays.toString(actual));
    }
}
