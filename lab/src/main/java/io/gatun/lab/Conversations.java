package io.gatun.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * TCP connections and UDP flows to {@link Repeater}s behind a VIP, on one thread. Each asks now and then for as long as
 * it is open, and notes who answers: it must be the same one for ever. Over TCP the next question follows an answer,
 * datagrams are asked whether answered or not.
 */
public final class Conversations implements AutoCloseable {
    private static final long TCP_EVERY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long UDP_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int NOBODY = -1;

    private final Selector selector;
    private final List<Conversation> all = new ArrayList<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final ByteBuffer question = ByteBuffer.allocateDirect(Repeater.QUESTION_LENGTH);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("conversations").unstarted(this::talk);
    private volatile long markNs = System.nanoTime();
    private volatile boolean closed;

    private Conversations(Selector selector) {
        this.selector = selector;
    }

    /** Opens them in a host, and starts to ask. */
    public static Conversations open(Host host, String vip, int tcpPort, int connections, int udpPort, int flows)
            throws Exception {
        Conversations conversations = new Conversations(Selector.open());
        host.run(() -> {
            for (int i = 0; i < connections; i++) {
                conversations.add(connect(vip, tcpPort), TCP_EVERY_NS, TCP_EVERY_NS * i / connections);
            }
            conversations.addFlows(Collections.nCopies(flows, vip), udpPort);
        });
        conversations.thread.start();
        return conversations;
    }

    /** Opens a UDP flow to each of these VIPs in a host, and starts to ask. */
    public static Conversations openFlows(Host host, List<String> vips, int udpPort) throws Exception {
        Conversations conversations = new Conversations(Selector.open());
        host.run(() -> conversations.addFlows(vips, udpPort));
        conversations.thread.start();
        return conversations;
    }

    private void addFlows(List<String> vips, int port) throws IOException {
        for (int i = 0; i < vips.size(); i++) {
            DatagramChannel flow = DatagramChannel.open().connect(address(vips.get(i), port));
            add(flow, UDP_EVERY_NS, UDP_EVERY_NS * i / vips.size());
        }
    }

    private static SocketChannel connect(String vip, int port) throws IOException {
        SocketChannel connection = SocketChannel.open();
        connection.socket().connect(address(vip, port), CONNECT_TIMEOUT_MS);
        return connection;
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private <C extends SelectableChannel & ByteChannel> void add(C channel, long everyNs, long firstNs)
            throws IOException {
        Conversation conversation = new Conversation(channel, everyNs, System.nanoTime() + firstNs);
        channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, conversation);
        all.add(conversation);
    }

    /** From now on only answers to questions count that are asked from now on. @return now */
    public long mark() {
        long nowNs = System.nanoTime();
        markNs = nowNs;
        return nowNs;
    }

    /** Waits until everybody was answered since the mark, or has failed, or the time is up. */
    public Delays awaitAnswers(long patienceNs) {
        long startNs = System.nanoTime();
        while (unanswered() > 0 && System.nanoTime() - startNs < patienceNs) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        List<Long> sortedNs = all.stream()
                .filter(Conversation::isAnswered)
                .map(each -> each.answeredNs - markNs)
                .sorted()
                .toList();
        return new Delays(sortedNs, all.size() - sortedNs.size());
    }

    /** TCP connections that were reset, moved or ended, or have no answer since the mark. */
    public int lostConnections() {
        return lost(true);
    }

    /** UDP flows of which the same is true; an endpoint's port-unreachable counts as an end. */
    public int lostFlows() {
        return lost(false);
    }

    private int lost(boolean reliable) {
        return (int) all.stream()
                .filter(each -> each.reliable == reliable && (each.failed || !each.isAnswered()))
                .count();
    }

    private long unanswered() {
        return all.stream().filter(each -> !each.failed && !each.isAnswered()).count();
    }

    /** Whoever was reset, moved or ended by now. */
    public List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** Since the mark until the first answer of each, in rising order; and how many had none. */
    public record Delays(List<Long> sortedNs, int missing) {
        public Delays {
            sortedNs = List.copyOf(sortedNs);
        }

        /** Milliseconds until somebody was answered, infinite when nobody was. */
        public double firstMs() {
            return ms(0);
        }

        /** Until half were. */
        public double medianMs() {
            return ms(sortedNs.size() / 2);
        }

        /** Until all were that were at all. */
        public double lastMs() {
            return ms(sortedNs.size() - 1);
        }

        private double ms(int index) {
            return sortedNs.isEmpty() ? Double.POSITIVE_INFINITY : sortedNs.get(index) / 1e6;
        }
    }

    private void talk() {
        try (selector) {
            while (!closed) {
                selector.select(key -> ((Conversation) key.attachment()).hear(), 1);
                long nowNs = System.nanoTime();
                all.forEach(each -> each.askWhenDue(nowNs));
            }
            for (Conversation each : all) {
                each.channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its thread ends them all. */
    @Override
    public void close() {
        closed = true;
    }

    private final class Conversation {
        private final ByteChannel channel;
        private final boolean reliable;
        private final long everyNs;
        private final ByteBuffer answer = ByteBuffer.allocate(Repeater.ANSWER_LENGTH);
        private int endpoint = NOBODY;
        private long nextNs;
        private boolean waits;
        private volatile boolean failed;
        /** The first answer to what was asked since the mark. */
        private volatile long answeredNs;

        private Conversation(ByteChannel channel, long everyNs, long firstNs) {
            this.channel = channel;
            this.reliable = channel instanceof SocketChannel;
            this.everyNs = everyNs;
            this.nextNs = firstNs;
            this.answeredNs = markNs - 1;
        }

        boolean isAnswered() {
            return answeredNs - markNs >= 0;
        }

        void askWhenDue(long nowNs) {
            if (failed || waits || nowNs - nextNs < 0) {
                return;
            }
            // What was missed is left out, but everyone keeps its turn: else all that were late ask together ever
            // after.
            nextNs += everyNs * (1 + (nowNs - nextNs) / everyNs);
            waits = reliable;
            try {
                channel.write(question.clear().putLong(System.nanoTime()).flip());
            } catch (IOException e) {
                fail(e.toString());
            }
        }

        void hear() {
            if (failed) {
                return;
            }
            try {
                int length = channel.read(answer);
                if (length < 0) {
                    fail("was closed");
                } else if (!answer.hasRemaining()) {
                    onAnswer(answer.get(0), answer.getLong(Byte.BYTES));
                    answer.clear();
                }
            } catch (IOException e) {
                fail(e.toString());
            }
        }

        private void onAnswer(int from, long askedNs) {
            waits = false;
            if (endpoint != NOBODY && endpoint != from) {
                fail("was moved from " + endpoint + " to " + from);
            }
            endpoint = from;
            if (askedNs - markNs >= 0 && !isAnswered()) {
                answeredNs = System.nanoTime();
            }
        }

        /** An endpoint's port-unreachable is an error of a datagram socket too. */
        private void fail(String what) {
            failed = true;
            troubles.add(channel + " " + what);
        }
    }
}
