package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten million frames that nobody meant. After any number of them: received = let go + held + dropped, where what was let go
 * is on a wire or was turned away by a full ring; a refusal is a drop and a new frame at once. Every live entry of the
 * table belongs to a flow that was opened, or to a datagram in fragments, and only packets that may open flows do.
 */
class GarbageTest {
    private static final int FRAMES = 2_500_000;

    /** After so many the table is full, and another one starts empty. */
    private static final int FRAMES_PER_RIG = 125_000;

    private final Set<DropReason> seen = EnumSet.noneOf(DropReason.class);
    private long opened;
    private long refused;

    @ParameterizedTest
    @ValueSource(longs = {1, 80_200, 0x6A7E, 9_568})
    void breaksNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Garbage garbage = new Garbage(seed);
        for (int sent = 0; sent < FRAMES; sent += FRAMES_PER_RIG) {
            PipelineRig rig = Garbage.rig(new TableLayout(1, 256), 1_024);
            receive(rig, garbage, random);
            rig.port().transmitRoom(Integer.MAX_VALUE);
            rig.advance(1, TimeUnit.SECONDS).cycle();
            rig.cycle();
            assertEquals(0, rig.port().held());
            Garbage.assertBalanced(rig);
            for (DropReason reason : DropReason.values()) {
                if (rig.counters().drops(reason) > 0) {
                    seen.add(reason);
                }
            }
            opened += rig.count("flows_opened");
            refused += rig.count("refusals_sent");
        }
        assertMostThingsHappened();
    }

    private static void receive(PipelineRig rig, Garbage garbage, SplittableRandom random) {
        for (int sent = 0; sent < FRAMES_PER_RIG; ) {
            for (int n = 1 + random.nextInt(FrameBatch.CAPACITY); n > 0; n--, sent++) {
                int length = garbage.next();
                rig.port().inject(garbage.frame, length, garbage.offload());
            }
            if (random.nextInt(100) == 0) {
                rig.port().transmitRoom(random.nextInt(200));
                rig.exits().full(random.nextBoolean());
            }
            rig.cycle();
            rig.advance(random.nextInt(1_000), TimeUnit.MICROSECONDS);
            if (random.nextInt(20) == 0) {
                one(rig, garbage);
                sent++;
            }
            if (random.nextInt(100) == 0) {
                Garbage.assertBalanced(rig);
            }
        }
    }

    /** A frame by itself: did it change what it may? */
    private static void one(PipelineRig rig, Garbage garbage) {
        rig.cycle();
        long live = rig.flows().liveCount();
        long before = rig.count("flows_opened");
        int length = garbage.next();
        rig.port().inject(garbage.frame, length, garbage.offload());
        rig.port().recording(true);
        rig.cycle();
        rig.port().recording(false);
        List<WireFrame> out = rig.port().takeSent();
        WireFrame in = new WireFrame(Arrays.copyOf(garbage.frame, length));
        if (rig.count("flows_opened") != before) {
            assertTrue(mayOpen(in), () -> "opened a flow: " + in);
        } else if (rig.flows().liveCount() > live) {
            assertTrue(in.isFragment(), () -> "changed the table: " + in);
        }
        for (WireFrame frame : out) {
            assertTrue(hasOurMac(frame.bytes(), 6), () -> "not from our MAC: " + frame);
        }
    }

    /** Read without the parser of the product. */
    private static boolean mayOpen(WireFrame frame) {
        if (!hasOurMac(frame.bytes(), 0) || !isForVip(frame)) {
            return false;
        }
        int at = frame.transport();
        int port = frame.destinationPort();
        boolean direct = port == 85;
        return switch (frame.protocol()) {
            case 6 -> direct || (frame.tcpFlags() & (Packets.SYN | Packets.ACK | Packets.RST)) == Packets.SYN;
            case 17 -> true;
            case 132 -> frame.unsignedByte(at + 12) == 1;
            case 58 -> frame.unsignedByte(at) == 128;
            default -> false;
        };
    }

    private static boolean isForVip(WireFrame frame) {
        return frame.isIpv6()
                ? frame.destinationHigh() == Packets.high(Lan.VIP6) && frame.destinationLow() == Packets.low(Lan.VIP6)
                : frame.destination() == Packets.ip(Lan.VIP);
    }

    private static boolean hasOurMac(byte[] frame, int at) {
        long mac = 0;
        for (int i = 0; i < 6; i++) {
            mac = mac << 8 | (frame[at + i] & 0xFF);
        }
        return mac == Packets.GATUN_MAC;
    }

    /** Otherwise the frames have become too tame, or too wild, to test anything. */
    private void assertMostThingsHappened() {
        Set<DropReason> missing = EnumSet.complementOf(EnumSet.copyOf(seen));
        missing.remove(DropReason.TABLE_BUSY); // needs two agents
        missing.remove(DropReason.HALF_OPEN_SOURCE); // the limits are out of reach here
        missing.remove(DropReason.HALF_OPEN_FULL);
        assertEquals(Set.of(), missing, "reasons for which no frame was dropped");
        assertTrue(opened > 10_000 && refused > 1_000, opened + " flows, " + refused + " refusals");
    }
}
