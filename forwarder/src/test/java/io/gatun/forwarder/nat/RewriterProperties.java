package io.gatun.forwarder.nat;

import static io.gatun.forwarder.packet.Packets.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packet.Sum;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.nio.ByteBuffer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

/** The rewritten packet is, byte for byte, the one that would have been made with the new numbers. */
class RewriterProperties {
    private static final int FRAME = 3;
    private static final int IP = FRAME + 14;

    private final Rewriter rewriter = new Rewriter();
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));

    @Property
    void tcpInAnyChecksumComesOutComplete(
            @ForAll @Size(4) int[] addresses,
            @ForAll @IntRange(max = 65_535) int sourcePort,
            @ForAll @IntRange(max = 65_535) int newPort,
            @ForAll @IntRange(min = 2, max = 255) int ttl,
            @ForAll @Size(max = 1460) byte[] payload,
            @ForAll boolean partial) {
        Packet before = Packets.tcp(text(addresses[0]), sourcePort, text(addresses[1]), 80)
                .ttl(ttl)
                .tcpOptions(1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8)
                .payload(payload)
                .sum(partial ? Sum.PARTIAL : Sum.COMPLETE);
        Packet after = before.copy()
                .from(text(addresses[2]), newPort)
                .to(text(addresses[3]), 8080)
                .ttl(ttl - 1)
                .sum(Sum.COMPLETE);

        assertEquals(after.copy().macs(0, 0).wire(), rewritten(before, after));
    }

    @Property
    void udpInAnyChecksumComesOutCompleteOrWithoutAsBefore(
            @ForAll @Size(4) int[] addresses,
            @ForAll @IntRange(max = 65_535) int sourcePort,
            @ForAll @IntRange(max = 65_535) int newPort,
            @ForAll @Size(max = 1472) byte[] payload,
            @ForAll Sum sum) {
        if (sum == Sum.WRONG) {
            return; // see the pipeline's tests: it stays wrong
        }
        Packet before = Packets.udp(text(addresses[0]), sourcePort, text(addresses[1]), 53)
                .payload(payload)
                .sum(sum);
        Packet after = before.copy()
                .from(text(addresses[2]), newPort)
                .to(text(addresses[3]), 5353)
                .ttl(63)
                .sum(sum == Sum.NONE ? Sum.NONE : Sum.COMPLETE);

        assertEquals(after.copy().macs(0, 0).wire(), rewritten(before, after));
    }

    @Example
    void aUdpChecksumThatComesToZeroIsSentAsAllOnes() {
        Packet before = Packets.udp("192.168.80.10", 5000, "192.168.80.200", 53);
        Packet after =
                before.copy().from("192.168.80.200", 0).to("192.168.80.101", 53).ttl(63);
        int port = after.wire().unsignedShort(40); // adding its own checksum brings a sum to zero
        after.from("192.168.80.200", port).macs(0, 0);
        assertEquals(0xFFFF, after.wire().unsignedShort(40));

        assertEquals(after.wire(), rewritten(before, after));
        assertEquals(after.wire(), rewritten(before.copy().sum(Sum.PARTIAL), after));
    }

    @Example
    void aCompleteChecksumThatLooksPartialStaysRight() {
        // Choose the payload so that the complete checksum is the folded sum of the pseudo-header.
        Packet before = Packets.udp("192.168.80.10", 5000, "192.168.80.200", 53).payload((byte) 0, (byte) 0);
        int pseudo = before.copy().sum(Sum.PARTIAL).wire().unsignedShort(40);
        for (int word = 0; word <= 0xFFFF; word++) {
            before.payload((byte) (word >>> 8), (byte) word);
            if (before.wire().unsignedShort(40) == pseudo) {
                Packet after = before.copy()
                        .from("192.168.80.200", 2000)
                        .to("192.168.80.101", 53)
                        .ttl(63);
                assertEquals(after.copy().macs(0, 0).wire(), rewritten(before, after));
                return;
            }
        }
        throw new AssertionError("no payload gives the checksum " + pseudo);
    }

    /** Rewrites {@code before} to the numbers of {@code after}; MACs are not the rewriter's. */
    private WireFrame rewritten(Packet before, Packet after) {
        byte[] bytes = before.copy().macs(0, 0).bytes();
        buffer.putBytes(FRAME, bytes);
        WireFrame wanted = after.wire();
        int transport = FRAME + wanted.transport();
        rewriter.rewrite(
                buffer,
                IP,
                transport,
                FRAME + bytes.length - transport,
                wanted.source(),
                wanted.destination(),
                wanted.sourcePort() << 16 | wanted.destinationPort());
        buffer.getBytes(FRAME, bytes);
        return new WireFrame(bytes);
    }
}
