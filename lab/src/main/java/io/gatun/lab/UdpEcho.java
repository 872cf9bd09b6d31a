package io.gatun.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/** A UDP server that answers every datagram with {@code NAME PAYLOAD}, for endpoints of a lab. */
public final class UdpEcho {
    private static final int MAX_DATAGRAM = 65535;

    private UdpEcho() {}

    /**
     * Serves until it is killed.
     *
     * @param args NAME PORT; prints {@code listening} when it does
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: UdpEcho NAME PORT");
        }
        byte[] prefix = (args[0] + " ").getBytes(StandardCharsets.UTF_8);
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(Integer.parseInt(args[1])));
            System.out.println("listening " + args[0] + " udp " + channel.getLocalAddress());
            serve(
                    channel,
                    ByteBuffer.allocateDirect(prefix.length + MAX_DATAGRAM).put(prefix),
                    prefix.length);
        }
    }

    private static void serve(DatagramChannel channel, ByteBuffer buffer, int prefixLength) throws IOException {
        while (true) {
            SocketAddress from = channel.receive(buffer.limit(buffer.capacity()).position(prefixLength));
            try {
                channel.send(buffer.flip(), from);
            } catch (IOException e) {
                // Too long with the name in front, or the way back is gone: the next datagram is another matter.
                System.out.println("no answer to " + from + ": " + e.getMessage());
            }
        }
    }
}
