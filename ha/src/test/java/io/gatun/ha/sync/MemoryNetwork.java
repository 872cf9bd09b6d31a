package io.gatun.ha.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** A network in memory, with its own time, that loses and damages messages. */
final class MemoryNetwork implements NanoClock {
    private final Random random;
    private final List<Queue<byte[]>> inboxes = new ArrayList<>();
    private final List<List<byte[]>> recorded = new ArrayList<>();
    private long nowNs = 3_600_000_000_000L;
    private int lossPercent;
    private int damaging = -1;
    private boolean recording;
    private int full = -1;

    MemoryNetwork(int nodes, Random random) {
        this.random = random;
        for (int i = 0; i < nodes; i++) {
            inboxes.add(new ArrayDeque<>());
            recorded.add(new ArrayList<>());
        }
    }

    /** From now on so many of a hundred messages are lost. */
    void lossPercent(int percent) {
        lossPercent = percent;
    }

    /** From now on each message to this node is damaged, or, with -1, none. */
    void damaging(int node) {
        damaging = node;
    }

    void recording(boolean wanted) {
        recording = wanted;
    }

    /** There is no room for messages to this node, or, with -1, there is for all. */
    void full(int node) {
        full = node;
    }

    /** Delivers all that was recorded again. */
    void replay() {
        for (int i = 0; i < inboxes.size(); i++) {
            inboxes.get(i).addAll(recorded.get(i));
        }
    }

    void advance(long ns) {
        nowNs += ns;
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    /** The end of one node; what was waiting for the one before it is gone. */
    SyncTransport transport(int node) {
        inboxes.get(node).clear();
        return new End(node);
    }

    private final class End implements SyncTransport {
        private final int node;

        private End(int node) {
            this.node = node;
        }

        @Override
        public int peers() {
            return inboxes.size() - 1;
        }

        @Override
        public Offer offer(int peer, DirectBuffer buffer, int length) {
            int target = peer < node ? peer : peer + 1;
            if (target == full) {
                return Offer.BUSY;
            }
            byte[] message = new byte[length];
            buffer.getBytes(0, message);
            if (target == damaging) {
                message[random.nextInt(length)] ^= (byte) (1 + random.nextInt(255));
            }
            if (recording) {
                recorded.get(target).add(message);
            }
            if (random.nextInt(100) >= lossPercent) {
                inboxes.get(target).add(message);
            }
            return Offer.SENT;
        }

        @Override
        public int poll(Receiver receiver, int limit) {
            int polled = 0;
            byte[] message;
            while (polled < limit && (message = inboxes.get(node).poll()) != null) {
                receiver.onMessage(new UnsafeBuffer(message), 0, message.length);
                polled++;
            }
            return polled;
        }

        @Override
        public void close() {
            inboxes.get(node).clear();
        }
    }
}
