package io.gatun.forwarder.raw;

import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.frame.Offload;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Fields in the order flags, gso type, header length, gso size, checksum start, checksum offset. */
class VirtioHeaderTest {
    private static final int FRAME = 64;
    private static final int TCPV4 = Offload.of(/* partial= */ true, Offload.GSO_TCPV4, 1_448);
    private static final int PARTIAL = Offload.of(/* partial= */ true, 0, 0);
    private static final byte[] TCP =
            tcp("10.0.0.1", 1, "10.0.0.2", 2).payload(payload(40)).bytes();
    private static final byte[] UDP =
            udp("10.0.0.1", 1, "10.0.0.2", 2).payload(payload(40)).bytes();

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);

    @Test
    void anOrdinaryFrameHasZeros() {
        assertEquals("0 0 0 0 0 0", header(TCP, Offload.NONE));
    }

    @Test
    void tcpAndUdp() {
        assertEquals("1 1 54 1448 34 16", header(TCP, TCPV4));
        assertEquals("1 129 54 1448 34 16", header(TCP, Offload.of(true, Offload.GSO_TCPV4 | Offload.GSO_ECN, 1_448)));
        assertEquals("0 1 54 1448 0 0", header(TCP, Offload.of(false, Offload.GSO_TCPV4, 1_448)));
        assertEquals("1 0 42 0 34 6", header(UDP, PARTIAL));
        assertEquals("1 5 42 1200 34 6", header(UDP, Offload.of(true, Offload.GSO_UDP_L4, 1_200)));
    }

    @Test
    void aDatagramMayBeAsShortAsItsHeader() {
        byte[] empty = udp("10.0.0.1", 1, "10.0.0.2", 2).payload(payload(0)).bytes();
        assertEquals("1 0 42 0 34 6", header(Arrays.copyOf(empty, 42), PARTIAL));
        assertEquals("1 0 62 0 54 6", header(ipv6(Arrays.copyOf(empty, 42), 17), PARTIAL));
    }

    @Test
    void theFamilyIsThatOfTheFrameAsItLeaves() {
        byte[] six = ipv6(TCP, 6);
        assertEquals("1 4 74 1448 54 16", header(six, TCPV4));
        assertEquals("1 129 54 1448 34 16", header(TCP, Offload.of(true, Offload.GSO_TCPV6 | Offload.GSO_ECN, 1_448)));
    }

    @Test
    void extensionsAndTagsAndTunnelsAreSteppedOver() {
        byte[] options = insert(ipv6(TCP, 60), 54, "0600000000000000");
        assertEquals("1 4 82 1448 62 16", header(options, TCPV4));
        assertEquals("1 1 58 1448 38 16", header(insert(TCP, 12, "8100002a"), TCPV4));
        assertEquals("1 1 62 1448 42 16", header(insert(TCP, 12, "88a800018100002a"), TCPV4));
        byte[] tunnel = insert(TCP, 14, "4500005c00000000400400000102030405060708");
        assertEquals("1 1 74 1448 54 16", header(tunnel, TCPV4));
    }

    @Test
    void sctp() {
        byte[] frame = UDP.clone();
        frame[23] = (byte) 132;
        assertEquals("1 0 46 0 34 8", header(frame, PARTIAL));
    }

    @Test
    void whatHasNoTransportHeaderIsOrdinary() {
        byte[] later = TCP.clone();
        later[21] = 10;
        assertEquals("0 0 0 0 0 0", header(later, TCPV4));
        assertEquals("0 0 0 0 0 0", header(Arrays.copyOf(TCP, 40), TCPV4));
        byte[] arp = TCP.clone();
        arp[13] = 6;
        assertEquals("0 0 0 0 0 0", header(arp, TCPV4));
        assertEquals("0 0 0 0 0 0", header(ipv6(TCP, 44), TCPV4));
    }

    @Test
    void readsWhatTheKernelWrites() {
        assertEquals(Offload.NONE, read(0, 0, 0));
        assertEquals(Offload.NONE, read(/* DATA_VALID */ 2, 0, 99));
        assertEquals(PARTIAL, read(1, 0, 0));
        assertEquals(TCPV4, read(1, 1, 1_448));
        assertEquals(Offload.of(false, Offload.GSO_UDP_L4, 1_200), read(0, 5, 1_200));
    }

    private int read(int flags, int gsoType, int gsoSize) {
        buffer.putByte(0, (byte) flags);
        buffer.putByte(1, (byte) gsoType);
        buffer.putShort(4, (short) gsoSize);
        return VirtioHeader.read(buffer, 0);
    }

    private String header(byte[] frame, int offload) {
        buffer.setMemory(0, buffer.capacity(), (byte) 0xFF);
        buffer.putBytes(FRAME, frame);
        VirtioHeader.write(buffer, FRAME, frame.length, offload);
        int header = FRAME - VirtioHeader.BYTES;
        assertEquals((byte) 0xFF, buffer.getByte(header - 1));
        return "%d %d %d %d %d %d"
                .formatted(
                        buffer.getByte(header),
                        buffer.getByte(header + 1) & 0xFF,
                        buffer.getShort(header + 2),
                        buffer.getShort(header + 4),
                        buffer.getShort(header + 6),
                        buffer.getShort(header + 8));
    }

    /** The same transport behind an IPv6 header. */
    private static byte[] ipv6(byte[] frame, int nextHeader) {
        byte[] six = new byte[frame.length + 20];
        System.arraycopy(frame, 0, six, 0, 12);
        six[12] = (byte) 0x86;
        six[13] = (byte) 0xDD;
        six[14] = 0x60;
        six[20] = (byte) nextHeader;
        System.arraycopy(frame, 34, six, 54, frame.length - 34);
        return six;
    }

    private static byte[] insert(byte[] frame, int at, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] longer = new byte[frame.length + bytes.length];
        System.arraycopy(frame, 0, longer, 0, at);
        System.arraycopy(bytes, 0, longer, at, bytes.length);
        System.arraycopy(frame, at, longer, at + bytes.length, frame.length - at);
        return longer;
    }
}
