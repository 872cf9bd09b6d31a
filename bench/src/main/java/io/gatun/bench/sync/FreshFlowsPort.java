package io.gatun.bench.sync;

import io.gatun.bench.peers.Testbed;
import io.gatun.bench.traffic.TrafficSpec;
import io.gatun.bench.traffic.UdpFrame;
import io.gatun.forwarder.frame.DetachedPort;
import io.gatun.forwarder.frame.FrameBatch;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A port without a kernel: full batches of frames of known flows, among them at a rate the first frames of new ones, and
 * the endpoints' answer to each of these.
 */
final class FreshFlowsPort extends DetachedPort {
    static final int KNOWN_FLOWS = 1_000;

    private static final int CHUNK_BYTES = 2_048;
    private static final int CHUNKS = 2_048;
    private static final int HEADROOM_BYTES = 256;
    private static final int CLIENT_PORT = 20_000;
    private static final int MAC_BYTES = 6;
    private static final int IP_CHECKSUM = 24;
    private static final int SOURCE = 26;
    private static final int DESTINATION = 30;
    private static final int SOURCE_PORT = 34;
    private static final int DESTINATION_PORT = 36;
    private static final int UDP_CHECKSUM = 40;
    /** 11.0.0.0, each has one flow. */
    private static final int FRESH_CLIENTS = 11 << 24;

    private static final double NS_PER_S = 1e9;

    private final byte[][] known = new byte[KNOWN_FLOWS][];
    private final byte[] fresh;
    private final UnsafeBuffer freshFrame;
    private final boolean[] opens = new boolean[FrameBatch.CAPACITY];
    private final UnsafeBuffer answers = new UnsafeBuffer(new byte[2 * FrameBatch.CAPACITY * UdpFrame.BYTES]);
    private final double freshPerNs;
    private long nowNs;
    private long startNs;
    private int waitingAnswers;
    private int nextKnown;
    private int nextChunk;
    private int opened;
    private long received;
    private long transmitted;

    /** @param freshPerSecond new flows */
    FreshFlowsPort(int freshPerSecond, String clientMac, String gatunMac) {
        super(CHUNK_BYTES * CHUNKS, HEADROOM_BYTES);
        TrafficSpec spec = new TrafficSpec(
                KNOWN_FLOWS, Testbed.CLIENT, CLIENT_PORT, Testbed.VIP, Testbed.SERVICE_PORT, clientMac, gatunMac);
        for (int flow = 0; flow < KNOWN_FLOWS; flow++) {
            known[flow] = UdpFrame.of(spec, flow);
        }
        fresh = known[0].clone();
        freshFrame = new UnsafeBuffer(fresh);
        freshPerNs = freshPerSecond / NS_PER_S;
    }

    /** New flows come from now on. */
    void start(long timeNs) {
        startNs = timeNs;
        opened = 0;
    }

    /** Tells the time of the next batch. */
    void at(long timeNs) {
        nowNs = timeNs;
    }

    /** Frames received. */
    long received() {
        return received;
    }

    /** Frames that got the verdict to be transmitted. */
    long transmitted() {
        return transmitted;
    }

    @Override
    public int receive(FrameBatch batch) {
        int due = startNs == 0 ? 0 : (int) ((nowNs - startNs) * freshPerNs) - opened;
        int wanted = Math.min(due, FrameBatch.CAPACITY - waitingAnswers);
        for (int i = 0; i < FrameBatch.CAPACITY; i++) {
            int offset = nextChunk * CHUNK_BYTES + HEADROOM_BYTES;
            nextChunk = nextChunk + 1 == CHUNKS ? 0 : nextChunk + 1;
            opens[i] = false;
            if (waitingAnswers > 0) {
                waitingAnswers--;
                memory().putBytes(offset, answers, waitingAnswers * UdpFrame.BYTES, UdpFrame.BYTES);
            } else if (wanted > 0) {
                wanted--;
                opens[i] = true;
                memory().putBytes(offset, nextFresh());
            } else {
                memory().putBytes(offset, known[nextKnown]);
                nextKnown = nextKnown + 1 == KNOWN_FLOWS ? 0 : nextKnown + 1;
            }
            batch.add(offset, UdpFrame.BYTES);
        }
        received += FrameBatch.CAPACITY;
        return FrameBatch.CAPACITY;
    }

    /** Checksums are not looked at, but those of the answers follow from them. */
    private byte[] nextFresh() {
        freshFrame.putInt(SOURCE, FRESH_CLIENTS + opened++, ByteOrder.BIG_ENDIAN);
        freshFrame.putShort(IP_CHECKSUM, (short) 0);
        freshFrame.putShort(UDP_CHECKSUM, (short) 0);
        return fresh;
    }

    @Override
    public void complete(FrameBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.isTransmit(i)) {
                transmitted++;
                if (opens[i]) {
                    answer(batch.offset(i));
                }
            }
        }
        batch.clear();
    }

    private void answer(int offset) {
        int at = waitingAnswers * UdpFrame.BYTES;
        waitingAnswers++;
        answers.putBytes(at, memory(), offset, UdpFrame.BYTES);
        answers.putBytes(at, memory(), offset + MAC_BYTES, MAC_BYTES);
        answers.putBytes(at + MAC_BYTES, memory(), offset, MAC_BYTES);
        answers.putInt(at + SOURCE, memory().getInt(offset + DESTINATION));
        answers.putInt(at + DESTINATION, memory().getInt(offset + SOURCE));
        answers.putShort(at + SOURCE_PORT, memory().getShort(offset + DESTINATION_PORT));
        answers.putShort(at + DESTINATION_PORT, memory().getShort(offset + SOURCE_PORT));
    }
}
