package io.gatun.bench.peers;

import io.gatun.lab.Host;
import io.gatun.lab.Repeater;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Honest connections that are opened all the time, whatever became of those before: each asks the server once, and ends.
 * Half of them come from addresses that nobody has heard of before.
 */
public final class NewConnections {
    /** Addresses of the client beside its first one. */
    static final int ADDRESSES = 16;

    private static final int FIRST_ADDRESS = 101;
    private static final int DIGITS = 3;

    /** What a {@link Repeater} reads, and writes. */
    private static final int QUESTION_BYTES = Long.BYTES;

    private static final int ANSWER_BYTES = Byte.BYTES + Long.BYTES;

    private final Selector selector;
    private final InetSocketAddress vip;
    private final long patienceNs;
    private final Histogram delays = new Histogram(DIGITS);
    private int open;

    private NewConnections(Selector selector, InetSocketAddress vip, long patienceNs) {
        this.selector = selector;
        this.vip = vip;
        this.patienceNs = patienceNs;
    }

    /**
     * What became of them.
     *
     * @param opened how many were begun
     * @param delays of those that were answered in time, from the begin to the answer, ns
     */
    public record Outcome(int opened, Histogram delays) {
        /** Share of those that were answered in time, percent. */
        public double percent() {
            return 100.0 * delays.getTotalCount() / opened;
        }
    }

    /** The i-th address from which some come, not in the client's other traffic. */
    static String address(int i) {
        return "192.168.80." + (FIRST_ADDRESS + i);
    }

    /**
     * Opens so many a second for this time, and waits for the last.
     *
     * @param patience after which one has failed
     */
    public static CompletableFuture<Outcome> open(Host client, int perSecond, Duration time, Duration patience) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        client.threads()
                .newThread(() -> {
                    try (Selector selector = Selector.open()) {
                        InetSocketAddress vip =
                                new InetSocketAddress(InetAddress.ofLiteral(FloodBed.VIP), FloodBed.SERVICE_PORT);
                        outcome.complete(new NewConnections(selector, vip, patience.toNanos()).run(perSecond, time));
                    } catch (IOException | RuntimeException e) {
                        outcome.completeExceptionally(new CompletionException(e));
                    }
                })
                .start();
        return outcome;
    }

    private Outcome run(int perSecond, Duration time) throws IOException {
        long everyNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long startNs = System.nanoTime();
        int all = (int) (time.toNanos() / everyNs);
        int opened = 0;
        while (opened < all || open > 0) {
            long nowNs = System.nanoTime();
            if (opened < all && nowNs - startNs >= opened * everyNs) {
                begin(opened, startNs + opened * everyNs);
                opened++;
                continue;
            }
            selector.select(this::onReady, 1);
            giveUp(System.nanoTime());
        }
        return new Outcome(opened, delays);
    }

    private void begin(int number, long dueNs) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        if (number % 2 == 1) {
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(address(number / 2 % ADDRESSES)), 0));
        }
        open++;
        channel.register(selector, SelectionKey.OP_CONNECT, new Waiting(dueNs, ByteBuffer.allocate(ANSWER_BYTES)));
        channel.connect(vip);
    }

    private void onReady(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        Waiting waiting = (Waiting) key.attachment();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(ByteBuffer.allocate(QUESTION_BYTES));
                key.interestOps(SelectionKey.OP_READ);
            } else if (channel.read(waiting.answer) < 0) {
                end(key);
            } else if (!waiting.answer.hasRemaining()) {
                delays.recordValue(System.nanoTime() - waiting.dueNs);
                end(key);
            }
        } catch (IOException refused) {
            end(key); // counted by its absence
        }
    }

    private void giveUp(long nowNs) {
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && nowNs - ((Waiting) key.attachment()).dueNs > patienceNs) {
                end(key);
            }
        }
    }

    private void end(SelectionKey key) {
        open--;
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException("a connection cannot be closed", e);
        }
    }

    /**
     * One that was begun.
     *
     * @param dueNs when it should have been
     */
    private record Waiting(long dueNs, ByteBuffer answer) {}
}
