package io.gatun.api.system;

import io.gatun.lab.Host;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A connected UDP socket, opened by the thread that asks for it. Each question is sent once. */
final class Udp implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;

    private final DatagramSocket socket;

    private Udp(DatagramSocket socket) {
        this.socket = socket;
    }

    static Udp open(String address, int port) throws IOException {
        return open(address, port, TIMEOUT_MS);
    }

    static Udp open(String address, int port, int timeoutMs) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        socket.setSoTimeout(timeoutMs);
        return new Udp(socket);
    }

    /** One question from a new socket in {@code host}. */
    static String ask(Host host, String address, int port, String question) throws Exception {
        return host.call(() -> {
            try (Udp udp = open(address, port)) {
                return udp.ask(question);
            }
        });
    }

    String ask(String question) throws IOException {
        byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length));
        DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        socket.close();
    }
}
