package io.gatun.kube.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A client that asks for a page over a new connection every 10 ms, whatever became of those before: how long nobody
 * answers is then known to 10 ms, and a SYN that is lost delays none but its own attempt.
 */
final class Attempts implements AutoCloseable {
    private static final long EACH_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Less than a lost SYN takes to be sent again: an answer is one to an attempt that came through at once. */
    private static final long GIVEN_UP_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String ANSWER = "HTTP/1.1 200";

    private final InetSocketAddress target;
    private final Selector selector = Selector.open();
    private final Deque<Attempt> open = new ArrayDeque<>();
    private long nextNs = System.nanoTime();
    private long lastAnswerNs = System.nanoTime();
    private long longestNs;
    private int answers;

    private record Attempt(SocketChannel channel, long startNs) {}

    /** Of the network namespace of this thread, which has to make all further calls. */
    Attempts(InetSocketAddress target) throws IOException {
        this.target = target;
    }

    /** Goes on until so many more were answered. @return the longest time from one answer to the next */
    Duration answered(int count, Duration most) throws IOException {
        longestNs = 0;
        int enough = answers + count;
        long startNs = System.nanoTime();
        while (answers < enough && System.nanoTime() - startNs < most.toNanos()) {
            step();
        }
        assertEquals(enough, answers, "answers within " + most);
        return Duration.ofNanos(longestNs);
    }

    private void step() throws IOException {
        long nowNs = System.nanoTime();
        if (nowNs - nextNs >= 0) {
            nextNs = Math.max(nextNs + EACH_NS, nowNs);
            begin(nowNs);
        }
        while (!open.isEmpty() && nowNs - open.peek().startNs() > GIVEN_UP_NS) {
            open.remove().channel().close();
        }
        selector.select(this::go, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextNs - nowNs)));
    }

    private void begin(long nowNs) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_CONNECT);
        open.add(new Attempt(channel, nowNs));
        try {
            channel.connect(target);
        } catch (IOException e) {
            channel.close(); // no way there
        }
    }

    private void go(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                channel.write(ByteBuffer.wrap(REQUEST));
            } else if (key.isReadable()) {
                ByteBuffer answer = ByteBuffer.allocate(ANSWER.length());
                channel.read(answer);
                if (new String(answer.array(), StandardCharsets.US_ASCII).equals(ANSWER)) {
                    note(System.nanoTime());
                }
                channel.close();
            }
        } catch (IOException e) {
            key.cancel();
            closeQuietly(channel);
        }
    }

    private void note(long nowNs) {
        longestNs = Math.max(longestNs, nowNs - lastAnswerNs);
        lastAnswerNs = nowNs;
        answers++;
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Attempt each : open) {
            each.channel().close();
        }
        selector.close();
    }
}
