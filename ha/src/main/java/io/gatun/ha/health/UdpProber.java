package io.gatun.ha.health;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Sends a datagram: unreachable is down, silence is up, unless an answer is expected. */
final class UdpProber implements Prober {
    private static final String REQUEST = "probe";
    private static final int ANSWER_MAX_BYTES = 2_048;

    @Override
    public Outcome probe(ProbeTarget target, long timeoutMs) throws IOException {
        long startNs = System.nanoTime();
        long endNs = startNs + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        byte[] request = (target.request().isEmpty() ? REQUEST : target.request()).getBytes(StandardCharsets.UTF_8);
        DatagramPacket answer = new DatagramPacket(new byte[ANSWER_MAX_BYTES], ANSWER_MAX_BYTES);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(target.address(), target.port()));
            socket.send(new DatagramPacket(request, request.length));
            while (true) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
                socket.setSoTimeout(Math.toIntExact(Math.max(1, leftMs)));
                answer.setLength(ANSWER_MAX_BYTES);
                socket.receive(answer);
                String text = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
                if (text.contains(target.expected())) {
                    return Outcome.up(System.nanoTime() - startNs);
                }
                if (leftMs <= 0) {
                    return Outcome.down("answered something else");
                }
            }
        } catch (PortUnreachableException e) {
            return Outcome.down("port unreachable");
        } catch (SocketTimeoutException e) {
            return target.expected().isEmpty() ? Outcome.up(0) : Outcome.down("no answer");
        }
    }
}
