package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.ELSEWHERE;
import static io.gatun.forwarder.pipeline.Lan.FAR_CLIENT;
import static io.gatun.forwarder.pipeline.Lan.UNRESOLVED;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.packet.Packet;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames that nobody meant. After any number of them: received = let go + held + dropped, where what was let go is either
 * on the wire or was turned away by a full ring; a refusal is a drop and a new frame at once. Every live entry of the
 * table belongs to a flow that was opened.
 */
class GarbageTest {
    private static final int FRAMES = 700_000;
    private static final int FRAME_MAX = 1_514;
    private static final int FLOWS_MAX = 15 * 64 / 2;

    private final PipelineRig rig = new PipelineRig(
            new TableLayout(1, 64),
            1_024,
            ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).endpoint(UNRESOLVED, 8080),
            ServiceDraft.tcp(VIP, 81).plainDnat().endpoint(E2, 8080),
            ServiceDraft.udp(VIP, 53).snat(VIP, 2_000, 2_050).endpoint(E1, 53),
            ServiceDraft.udp(VIP, 54).plainDnat().endpoint(ELSEWHERE, 53),
            ServiceDraft.tcp(VIP, 82).unusable(E1, 1));

    private final byte[][] templates = {
        tcp(CLIENT, 40_000, VIP, 80).tcpOptions(2, 4, 5, 0xB4).bytes(),
        tcp(CLIENT, 40_000, VIP, 80).flags(PSH | ACK).payload(payload(600)).bytes(),
        tcp(CLIENT, 40_000, VIP, 80).flags(FIN | ACK).sum(Packet.Sum.PARTIAL).bytes(),
        tcp(FAR_CLIENT, 40_000, VIP, 81).payload(payload(5)).bytes(),
        tcp(E1, 8080, VIP, 2_000).flags(SYN | ACK).ipOptions(1, 1, 1, 0).bytes(),
        tcp(E2, 8080, CLIENT, 9).flags(ACK).bytes(),
        tcp(CLIENT, 40_000, VIP, 82).bytes(),
        udp(CLIENT, 5_000, VIP, 53).payload(payload(31)).bytes(),
        udp(CLIENT, 5_000, VIP, 53).sum(Packet.Sum.PARTIAL).paddedTo(60).bytes(),
        udp(CLIENT, 5_000, VIP, 54).payload(payload(1_472)).bytes(),
        udp(CLIENT, 5_000, VIP, 9).ipOptions(7, 39, 4, 0).payload(payload(3)).bytes(),
        udp(E1, 53, VIP, 2_001).payload(payload(100)).bytes(),
        echo(CLIENT, VIP, 1, 1).payload(payload(56)).bytes(),
    };

    private final byte[] frame = new byte[FRAME_MAX];

    @ParameterizedTest
    @ValueSource(longs = {1, 80_200, 0x6A7E})
    void breaksNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        rig.port().recording(false);
        for (int sent = 0; sent < FRAMES; ) {
            for (int n = 1 + random.nextInt(FrameBatch.CAPACITY); n > 0; n--, sent++) {
                rig.port().inject(frame, next(random));
            }
            if (random.nextInt(100) == 0) {
                rig.port().transmitRoom(random.nextInt(200));
            }
            rig.cycle();
            rig.advance(random.nextInt(1_000), TimeUnit.MICROSECONDS);
            if (random.nextInt(50) == 0) {
                assertBalanced();
            }
        }
        rig.port().transmitRoom(Integer.MAX_VALUE);
        rig.cycle();
        rig.advance(1, TimeUnit.SECONDS).cycle();
        assertEquals(0, rig.port().held());
        assertBalanced();
        assertMostThingsHappened();
    }

    /** One frame: now and then noise, mostly a real one with some bytes changed, cut or with a lie in a length field. */
    private int next(SplittableRandom random) {
        if (random.nextInt(20) == 0) {
            random.nextBytes(frame);
            return random.nextInt(FRAME_MAX + 1);
        }
        byte[] template = templates[random.nextInt(templates.length)];
        System.arraycopy(template, 0, frame, 0, template.length);
        int length = template.length;
        int headers = Math.min(length, 60);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            frame[random.nextInt(random.nextInt(4) == 0 ? 14 : headers)] = (byte) random.nextInt();
        }
        if (random.nextInt(3) == 0) {
            frame[34 + random.nextInt(2)] = (byte) random.nextInt(); // source port: another flow
        }
        if (random.nextInt(8) == 0) {
            frame[14 + 2 + random.nextInt(2)] += (byte) (random.nextInt(9) - 4); // total length
        }
        return random.nextInt(10) == 0 ? random.nextInt(length + 1) : length;
    }

    private void assertBalanced() {
        rig.port().assertConserved();
        long received = rig.count("rx_packets");
        long letGo = rig.count("tx_packets");
        long refusals = rig.count("refusals_sent");
        assertEquals(received, letGo - refusals + rig.port().held() + rig.drops(), rig::counted);
        assertEquals(letGo, rig.port().transmitted() + rig.port().transmitOverruns(), rig::counted);
        assertEquals(2 * rig.count("flows_opened"), rig.flows().liveCount(), rig::counted);
    }

    /** Otherwise the frames have become too tame, or too wild, to test anything. */
    private void assertMostThingsHappened() {
        for (DropReason reason : DropReason.values()) {
            if (reason != DropReason.NOT_MASTER && reason != DropReason.TABLE_BUSY) {
                assertTrue(rig.counters().drops(reason) > 0, () -> "no frame was dropped for " + reason);
            }
        }
        assertTrue(rig.count("flows_opened") > FLOWS_MAX / 2 && rig.count("refusals_sent") > 1_000, rig::counted);
    }
}
