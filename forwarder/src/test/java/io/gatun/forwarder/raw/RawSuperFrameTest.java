package io.gatun.forwarder.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client and a server with default offloads, and between them a host that forwards frames from port to port. */
@LabTest
class RawSuperFrameTest {
    private static final int PORT = 8_080;
    private static final int TRANSFER_BYTES = 8 << 20;
    private static final int MTU_FRAME = 1_514;

    private final Libc libc = Libc.system();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Set<Integer> descriptorsBefore = Fd.open().keySet();
    private Host client;
    private Host between;
    private Host server;
    private Forwarding forwarding;

    /** Both directions in one thread. */
    private static final class Forwarding implements Runnable, AutoCloseable {
        private final FrameBatch batch = new FrameBatch();
        private final RawPort left;
        private final RawPort right;
        private final CrossPort toLeft;
        private final CrossPort toRight;
        private final Thread thread = new Thread(this, "forwarding");
        private volatile boolean stopped;
        private int longest;
        private int gsoTypes;
        private int segment;
        private int partial;

        Forwarding(Libc libc, int left, int right) {
            this.left = RawPort.open(libc, RawSpec.of("left", left, SocketFilter.everything()));
            this.right = RawPort.open(libc, RawSpec.of("right", right, SocketFilter.everything()));
            this.toLeft = CrossPort.open(libc, left);
            this.toRight = CrossPort.open(libc, right);
        }

        @Override
        public void run() {
            while (!stopped) {
                if (cycle(left, toRight) + cycle(right, toLeft) == 0) {
                    left.await(1);
                }
            }
        }

        private int cycle(RawPort from, CrossPort to) {
            int count = from.receive(batch);
            for (int i = 0; i < count; i++) {
                int offload = batch.offload(i);
                longest = Math.max(longest, batch.length(i));
                gsoTypes |= 1 << Offload.gsoType(offload);
                segment = Math.max(segment, Offload.gsoSize(offload));
                partial += Offload.isPartial(offload) ? 1 : 0;
                int before = batch.offset(i) - 8;
                long neighbour = from.memory().getLong(before);
                to.send(from.memory(), batch.offset(i), batch.length(i), offload);
                assertEquals(neighbour, from.memory().getLong(before));
            }
            from.complete(batch);
            batch.clear();
            return count;
        }

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            assertEquals(512, left.accounted());
            assertEquals(512, right.accounted());
            CloseHelper.closeAll(left, right, toLeft, toRight);
        }
    }

    @BeforeEach
    void lay(Lab lab) throws Exception {
        client = lab.bare("client");
        between = lab.bare("between");
        server = lab.bare("server");
        lab.wire(
                client,
                LinkSpec.of("192.168.80.10/24", "fd00::10/64"),
                between,
                LinkSpec.of().named("left"));
        lab.wire(
                server,
                LinkSpec.of("192.168.80.20/24", "fd00::20/64"),
                between,
                LinkSpec.of().named("right"));
        int left = between.link("left").index();
        int right = between.link("right").index();
        forwarding = own(between.call(() -> new Forwarding(libc, left, right)));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        CloseHelper.closeAll(opened);
        assertEquals(descriptorsBefore, Fd.open().keySet(), () -> Fd.open().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.80.20", "fd00::20"})
    void tcpPassesInSuperFrames(String address) throws Exception {
        start();
        byte[] sent = new byte[TRANSFER_BYTES];
        new Random(1).nextBytes(sent);

        assertArrayEquals(sent, transfer(address, sent));
        forwarding.close();
        opened.remove(forwarding);

        int type = address.contains(":") ? Offload.GSO_TCPV6 : Offload.GSO_TCPV4;
        assertTrue(forwarding.longest > 10 * MTU_FRAME, "longest frame: " + forwarding.longest);
        assertTrue((forwarding.gsoTypes & 1 << type) != 0, "gso types: " + forwarding.gsoTypes);
        assertTrue(forwarding.segment > 1_300 && forwarding.segment <= 1_460, "gso size: " + forwarding.segment);
        assertEquals(0, forwarding.toRight.overruns());
    }

    @Test
    void superFramesLeaveWhole() throws Exception {
        RawPort watch = own(server.call(
                () -> RawPort.open(libc, RawSpec.of("eth0", server.link("eth0").index(), SocketFilter.everything()))));
        start();
        transfer("192.168.80.20", new byte[1 << 20]);

        FrameBatch batch = new FrameBatch();
        int longest = 0;
        int offload = 0;
        while (watch.receive(batch) > 0) {
            for (int i = 0; i < batch.size(); i++) {
                if (batch.length(i) > longest) {
                    longest = batch.length(i);
                    offload = batch.offload(i);
                }
            }
            watch.complete(batch);
            batch.clear();
        }
        assertTrue(longest > 10 * MTU_FRAME, "longest frame: " + longest);
        assertTrue(Offload.isPartial(offload));
        assertEquals(Offload.GSO_TCPV4, Offload.gsoType(offload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void aPartialChecksumArrivesRight(String transmitOffload) throws Exception {
        between.exec("ethtool", "-K", "right", "tx", transmitOffload);
        start();
        assertEquals("hello", server.call(() -> {
            try (DatagramSocket socket = new DatagramSocket(PORT)) {
                socket.setSoTimeout(5_000);
                client.run(() -> {
                    try (DatagramSocket sender = new DatagramSocket()) {
                        byte[] bytes = "hello".getBytes(StandardCharsets.US_ASCII);
                        sender.send(
                                new DatagramPacket(bytes, bytes.length, InetAddress.getByName("192.168.80.20"), PORT));
                    }
                });
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                socket.receive(packet);
                return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
            }
        }));
        forwarding.close();
        opened.remove(forwarding);
        assertTrue(forwarding.partial > 0);
    }

    private byte[] transfer(String address, byte[] bytes) throws Exception {
        try (ServerSocket listener = server.call(() -> new ServerSocket(PORT))) {
            FutureTask<byte[]> received = new FutureTask<>(() -> {
                try (Socket accepted = listener.accept()) {
                    accepted.setSoTimeout(10_000);
                    return accepted.getInputStream().readAllBytes();
                }
            });
            Thread.ofPlatform().start(received);
            client.run(() -> write(address, bytes));
            return received.get();
        }
    }

    private static void write(String address, byte[] bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, PORT), 5_000);
            socket.getOutputStream().write(bytes);
        }
    }

    private void start() {
        forwarding.thread.start();
    }

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }
}
