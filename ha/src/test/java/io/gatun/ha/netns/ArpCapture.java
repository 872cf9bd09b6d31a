package io.gatun.ha.netns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatun.ha.wire.Frames;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** ARP as tcpdump sees it on lan0 of a namespace, in the pcap format of pcap-savefile(5). */
final class ArpCapture {
    /**
     * @param atUs when it was captured, microseconds since the epoch
     * @param hex as {@link Frames#hex}
     */
    record Captured(long atUs, String hex) {}

    private final BlockingQueue<Captured> frames = new LinkedBlockingQueue<>();

    /** Returns when tcpdump listens. */
    ArpCapture(Namespaces namespaces, String namespace, String... filter) throws IOException {
        List<String> command = new ArrayList<>(List.of("tcpdump", "-i", "lan0", "-n", "-U", "--immediate-mode"));
        command.addAll(List.of("-w", "-"));
        command.addAll(List.of(filter));
        Process tcpdump = namespaces.start(namespace, command.toArray(String[]::new));
        BufferedReader messages = new BufferedReader(new InputStreamReader(tcpdump.getErrorStream(), UTF_8));
        for (String line = messages.readLine(); !line.contains("listening on"); line = messages.readLine()) {
            if (line.contains("rror")) {
                throw new IllegalStateException(line);
            }
        }
        Thread.ofVirtual().start(() -> read(new DataInputStream(tcpdump.getInputStream())));
    }

    private void read(DataInputStream in) {
        try {
            in.readNBytes(24);
            while (true) {
                ByteBuffer header = ByteBuffer.wrap(in.readNBytes(16)).order(ByteOrder.LITTLE_ENDIAN);
                if (header.remaining() < 16) {
                    throw new EOFException();
                }
                byte[] frame = in.readNBytes(header.getInt(8));
                long atUs = TimeUnit.SECONDS.toMicros(Integer.toUnsignedLong(header.getInt(0))) + header.getInt(4);
                frames.add(new Captured(atUs, Frames.hex(Arrays.copyOf(frame, 42))));
            }
        } catch (IOException e) {
            // tcpdump was ended
        }
    }

    /** The next frame from this MAC that says that it has this address, whatever its form. */
    Captured await(String senderMac, String senderIpHex) throws InterruptedException {
        return await(" " + senderMac.replace(":", "") + " " + senderIpHex + " ");
    }

    /** The next frame whose hex holds this part. */
    Captured await(String part) throws InterruptedException {
        while (true) {
            Captured next = frames.poll(90, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no frame with" + part + "within 90 s");
            }
            if (next.hex().contains(part)) {
                return next;
            }
        }
    }
}
