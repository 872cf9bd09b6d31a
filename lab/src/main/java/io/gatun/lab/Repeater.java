package io.gatun.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** An endpoint for {@link Conversations}: to each number it answers with its own one and that number, by TCP and UDP. */
public final class Repeater implements AutoCloseable {
    static final int QUESTION_LENGTH = Long.BYTES;
    static final int ANSWER_LENGTH = Byte.BYTES + Long.BYTES;
    private static final int BACKLOG = 1_024;

    private final byte number;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final DatagramChannel datagrams;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_LENGTH);
    private final Thread thread;
    private volatile boolean closed;

    private Repeater(int number, Selector selector, ServerSocketChannel listener, DatagramChannel datagrams) {
        this.number = (byte) number;
        this.selector = selector;
        this.listener = listener;
        this.datagrams = datagrams;
        thread = Thread.ofPlatform().daemon().name("repeater-" + number).unstarted(this::serve);
    }

    /** Serves in a host until it is closed. */
    public static Repeater start(Host host, int number, int tcpPort, int udpPort) throws Exception {
        Repeater repeater = host.call(() -> {
            Selector selector = Selector.open();
            ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(tcpPort), BACKLOG);
            DatagramChannel datagrams = DatagramChannel.open().bind(new InetSocketAddress(udpPort));
            listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            datagrams.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            return new Repeater(number, selector, listener, datagrams);
        });
        repeater.thread.start();
        return repeater;
    }

    private void serve() {
        try (selector) {
            while (!closed) {
                selector.select(this::onReady);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onReady(SelectionKey key) {
        try {
            switch (key.channel()) {
                case ServerSocketChannel _ -> accept();
                case DatagramChannel _ -> answerDatagram();
                default -> answerSegment((SocketChannel) key.channel());
            }
        } catch (IOException e) {
            close(key); // its client notices
        }
    }

    private void accept() throws IOException {
        SocketChannel connection = listener.accept();
        if (connection != null) {
            connection.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        }
    }

    private void answerDatagram() throws IOException {
        answer.clear().position(Byte.BYTES);
        SocketAddress from = datagrams.receive(answer);
        if (from != null) {
            datagrams.send(answer.put(0, number).flip(), from);
        }
    }

    /** Questions are so short, and come one at a time, that a segment has all of one. */
    private void answerSegment(SocketChannel connection) throws IOException {
        answer.clear().position(Byte.BYTES);
        int length = connection.read(answer);
        if (length < 0) {
            connection.close();
        } else if (length > 0) {
            connection.write(answer.put(0, number).flip());
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
