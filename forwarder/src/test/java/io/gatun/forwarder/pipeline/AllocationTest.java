package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.echo;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.E2;
import static io.gatun.forwarder.pipeline.Lan.NOWHERE;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.packet.Packet;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The packet path allocates nothing: a million packets of known flows, then of new ones, then of refused ones. */
class AllocationTest {
    private static final int PACKETS = 1_000_000;
    private static final int FLOWS = 1_000;

    /** Each takes two slots of 245,760; from four fifths on some would be refused. */
    private static final int NEW_FLOWS = 60_000;

    /** Less than a byte for a thousand packets; the JVM itself rounds to thread-local buffers. */
    private static final long NOISE_BYTES = 1_024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final PipelineRig rig = new PipelineRig(
            new TableLayout(1, 16_384),
            256,
            ServiceDraft.tcp(VIP, 80).endpoint(E1, 8080).endpoint(E2, 8080),
            ServiceDraft.udp(VIP, 53).endpoint(E1, 53).endpoint(E2, 53),
            ServiceDraft.udp(VIP, 54).plainDnat().endpoint(NOWHERE, 53),
            ServiceDraft.tcp(VIP, 82).unusable(E1, 1));

    @Test
    void packetsOfKnownFlows() {
        byte[][] frames = new byte[4 * FLOWS][];
        for (int i = 0; i < FLOWS; i++) {
            Packet request = tcp(CLIENT, 1_024 + i, VIP, 80).payload(payload(6));
            int port = rig.receiveOne(request).sourcePort();
            String endpoint = i % 2 == 0 ? E1 : E2;
            frames[4 * i] = request.flags(ACK).bytes();
            frames[4 * i + 1] = tcp(endpoint, 8080, VIP, port).flags(ACK).bytes();
            Packet question = udp(CLIENT, 1_024 + i, VIP, 53).payload(payload(18));
            port = rig.receiveOne(question).sourcePort();
            frames[4 * i + 2] = question.sum(Packet.Sum.PARTIAL).bytes();
            frames[4 * i + 3] =
                    udp(endpoint, 53, VIP, port).payload(payload(99)).bytes();
        }
        forward(frames, 100_000);
        long transmitted = rig.port().transmitted();

        long allocated = allocatedBy(() -> forward(frames, PACKETS));

        assertEquals(PACKETS, rig.port().transmitted() - transmitted);
        assertTrue(allocated < NOISE_BYTES, allocated + " bytes for " + PACKETS + " packets");
    }

    @Test
    void packetsOfNewFlows() {
        byte[] first = udp(CLIENT, 0, VIP, 53).payload(payload(18)).bytes();
        open(first, 0x0A00_0000, 10_000);

        long allocated = allocatedBy(() -> open(first, 0x0A01_0000, NEW_FLOWS));

        assertEquals(10_000 + NEW_FLOWS, rig.count("flows_opened"));
        assertTrue(allocated < NOISE_BYTES, allocated + " bytes for " + NEW_FLOWS + " flows");
    }

    /** Each flow, and its answer, is a notice to other nodes; nobody reads them, so that the ring is full in the end. */
    @Test
    void packetsOfWhichOtherNodesAreTold() {
        PipelineRig told = PipelineRig.exchanging(
                new TableLayout(1, 16_384),
                256,
                ServiceDraft.udp(VIP, 53).endpoint(E1, 53).endpoint(E2, 53));
        byte[] first = udp(CLIENT, 0, VIP, 53).payload(payload(18)).bytes();
        told.port().recording(false);
        open(told, first, 0x0A00_0000, 10_000);

        long allocated = allocatedBy(() -> open(told, first, 0x0A01_0000, NEW_FLOWS));

        assertTrue(told.exchange().takeLost());
        assertEquals(10_000 + NEW_FLOWS, told.count("flows_opened"));
        assertTrue(allocated < NOISE_BYTES, allocated + " bytes for " + NEW_FLOWS + " flows");
    }

    @Test
    void packetsThatAreAnsweredOrDropped() {
        byte[][] frames = {
            tcp(CLIENT, 40_000, VIP, 9).bytes(),
            tcp(CLIENT, 40_000, VIP, 80).flags(ACK).bytes(),
            tcp(CLIENT, 40_000, VIP, 82).bytes(),
            udp(CLIENT, 5_000, VIP, 9).bytes(),
            udp(CLIENT, 5_000, VIP, 54).bytes(),
            echo(CLIENT, VIP, 1, 1).payload(payload(56)).bytes(),
            tcp(E1, 8080, CLIENT, 1).flags(ACK).bytes(),
            tcp(CLIENT, 1, VIP, 80).totalLength(2_000).bytes(),
            tcp(CLIENT, 1, VIP, 80).fragment(0x2000).bytes(),
        };
        forward(frames, 100_000);

        long allocated = allocatedBy(() -> forward(frames, PACKETS));

        assertTrue(rig.count("refusals_sent") > 1_000, rig::counted);
        assertTrue(allocated < NOISE_BYTES, allocated + " bytes for " + PACKETS + " packets");
    }

    /** The whole of the packet path: both families, all modes, pieces, errors, tunnels and super-frames. */
    @Test
    void packetsOfEveryKind() {
        PipelineRig all = Garbage.rig(new TableLayout(1, 256), 512);
        Garbage garbage = new Garbage(42);
        receive(all, garbage, 200_000);
        long before = all.count("rx_packets");

        long allocated = allocatedBy(() -> receive(all, garbage, 200_000));

        assertEquals(200_000, all.count("rx_packets") - before);
        assertTrue(allocated < NOISE_BYTES, allocated + " bytes for 200,000 packets");
    }

    private static void receive(PipelineRig rig, Garbage garbage, int packets) {
        for (int i = 0; i < packets; ) {
            for (int n = 0; n < FrameBatch.CAPACITY && i < packets; n++, i++) {
                int length = garbage.next();
                rig.port().inject(garbage.frame, length, garbage.offload());
            }
            rig.cycle();
            rig.advance(1, TimeUnit.MILLISECONDS);
        }
    }

    private void forward(byte[][] frames, int packets) {
        for (int i = 0; i < packets; ) {
            for (int n = 0; n < FrameBatch.CAPACITY && i < packets; n++, i++) {
                byte[] frame = frames[i % frames.length];
                rig.port().inject(frame, frame.length);
            }
            cycle();
        }
    }

    /** One packet from each of so many clients. */
    private void open(byte[] frame, int firstClient, int clients) {
        open(rig, frame, firstClient, clients);
    }

    private static void open(PipelineRig rig, byte[] frame, int firstClient, int clients) {
        for (int i = 0; i < clients; ) {
            for (int n = 0; n < FrameBatch.CAPACITY && i < clients; n++, i++) {
                int client = firstClient + i;
                frame[26] = (byte) (client >>> 24);
                frame[27] = (byte) (client >>> 16);
                frame[28] = (byte) (client >>> 8);
                frame[29] = (byte) client;
                rig.port().inject(frame, frame.length);
            }
            rig.cycle();
            rig.advance(1, TimeUnit.MILLISECONDS);
        }
    }

    private void cycle() {
        rig.cycle();
        rig.advance(1, TimeUnit.MILLISECONDS);
    }

    private long allocatedBy(Runnable work) {
        rig.port().recording(false);
        long thread = Thread.currentThread().threadId();
        long idle = threads.getThreadAllocatedBytes(thread);
        long meter = threads.getThreadAllocatedBytes(thread) - idle;
        long before = threads.getThreadAllocatedBytes(thread);
        work.run();
        return threads.getThreadAllocatedBytes(thread) - before - meter;
    }
}
