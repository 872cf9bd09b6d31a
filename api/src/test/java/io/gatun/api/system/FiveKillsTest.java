package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five times {@code kill -9} and a new start, under a download, an idle session and a stream of datagrams. */
@LabTest
class FiveKillsTest {
    private static final int KILLS = 5;
    private static final long LENGTH = 400_000_000;
    private static final int SHELL = 2222;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private static FlatLan lan;

    @TempDir
    Path directory;

    private GatunNode node;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 2).serve();
        lan.endpoint(1).start("socat", "TCP-LISTEN:" + SHELL + ",fork,reuseaddr", "EXEC:cat");
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.terminate();
        }
    }

    @Test
    void aDownloadASessionAndAStreamGoOn() throws Exception {
        node = GatunNode.start(lan.lb(), directory);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        node.rule("tcp", 22, GatunNode.ONE_ARM, SHELL, FlatLan.EP1);
        node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1, FlatLan.EP2);
        Host client = lan.client();
        PacedDownload download = new PacedDownload();
        DatagramStream stream = new DatagramStream();
        FutureTask<String> digest = start(client, download::run);
        FutureTask<Void> streaming = start(client, stream::run);
        try (Capture resets = Capture.start(client, "tcp[tcpflags] & tcp-rst != 0");
                Session session = client.call(Session::new)) {
            assertEquals("before", session.echo("before"));
            awaitProgress(download, PATIENCE);
            for (int kill = 0; kill < KILLS; kill++) {
                long answered = stream.answered.get();
                await(() -> stream.answered.get() > answered || streaming.isDone(), PATIENCE);
                assertTrue(!streaming.isDone(), "the stream ended");

                node.kill9();
                node.restart();

                assertEquals("kill " + kill, session.echo("kill " + kill));
                awaitProgress(
                        download, MOMENT); // the sender waits twice as long after each loss: no matter if it still does
            }
            assertTrue(awaitProgress(download, PATIENCE), "the download does not go on");
            long answered = stream.answered.get();
            assertTrue(await(() -> stream.answered.get() > answered, PATIENCE), "the stream does not go on");
            assertTrue(!digest.isDone(), "the download ended before the last start, make it longer");
            download.paced = false;
            assertEquals(Http.expectedDigest(LENGTH), digest.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(List.of(), resets.frames());
        } finally {
            download.paced = false;
            stream.ended = true;
        }
        streaming.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertEquals(1, stream.servers.size(), "the stream stayed with its endpoint: " + stream.servers);
    }

    private static boolean awaitProgress(PacedDownload download, Duration patience) {
        long before = download.received;
        return await(() -> download.received > before + 1_000_000, patience);
    }

    private static boolean await(BooleanSupplier happened, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return true;
    }

    private static <T> FutureTask<T> start(Host host, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        host.threads().newThread(task).start();
        return task;
    }

    /** Somebody who types a line now and then. */
    private static final class Session implements AutoCloseable {
        private final Socket socket = new Socket();

        private Session() throws IOException {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(FlatLan.VIP), 22), 10_000);
            socket.setSoTimeout((int) PATIENCE.toMillis());
        }

        private String echo(String line) throws IOException {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(bytes);
            return new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Reads slowly, so that it lasts, until it is told not to. */
    private static final class PacedDownload {
        private static final int PART = 100_000;

        private volatile boolean paced = true;
        private volatile long received;

        private String run() throws IOException {
            try (Http http = Http.open(FlatLan.VIP, 80)) {
                http.request("GET", "/bytes/" + LENGTH, 0);
                assertEquals(200, http.head());
                MessageDigest digest = Http.sha256();
                for (long left = LENGTH; left > 0; left = LENGTH - received) {
                    int part = (int) Math.min(PART, left);
                    http.read(digest, part);
                    received = LENGTH - left + part;
                    if (paced) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                    }
                }
                return Http.hex(digest);
            }
        }
    }

    /** One socket that asks again and again; what is lost while nobody forwards is lost. */
    private static final class DatagramStream {
        private static final int WAIT_MS = 100;

        private final Set<String> servers = ConcurrentHashMap.newKeySet();
        private final AtomicLong answered = new AtomicLong();
        private final AtomicLong lost = new AtomicLong();
        private volatile boolean ended;

        private Void run() throws IOException {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(FlatLan.VIP), 53));
                socket.setSoTimeout(WAIT_MS);
                byte[] question = "who".getBytes(StandardCharsets.UTF_8);
                while (!ended) {
                    socket.send(new DatagramPacket(question, question.length));
                    DatagramPacket answer = new DatagramPacket(new byte[1_500], 1_500);
                    try {
                        socket.receive(answer);
                        servers.add(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8));
                        answered.incrementAndGet();
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                    } catch (SocketTimeoutException e) {
                        lost.incrementAndGet();
                    }
                }
                return null;
            }
        }
    }
}
