package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers on loopback. */
class ProbersTest {
    /** Longer than any machine needs: of what is answered at all the time does not matter. */
    private static final long PATIENCE_MS = 20_000;

    private static final long SHORT_MS = 100;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Probers probers = new Probers();

    @AfterEach
    void close() {
        probers.close();
    }

    @Test
    void tcpIsUpWhereSomebodyListensAndDownWhereNot() throws Exception {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK)) {
            port = listener.getLocalPort();
            Outcome outcome = probe(ProbeType.TCP, port, "", "");
            assertTrue(outcome.well());
            assertTrue(outcome.delayNs() > 0);
        }
        IOException refused = assertThrows(IOException.class, () -> probe(ProbeType.TCP, port, "", ""));
        assertTrue(refused.getMessage().contains("refused"), refused.getMessage());
    }

    @Test
    void udpIsUpInSilenceAndDownWhenUnreachable() throws Exception {
        int port;
        try (DatagramSocket silent = new DatagramSocket(0, LOOPBACK)) {
            port = silent.getLocalPort();
            assertTrue(
                    probers.probe(target(ProbeType.UDP, port, "", ""), SHORT_MS).well());
            DatagramPacket received = new DatagramPacket(new byte[100], 100);
            silent.receive(received);
            assertEquals("probe", new String(received.getData(), 0, received.getLength(), StandardCharsets.UTF_8));
        }
        Outcome outcome = probe(ProbeType.UDP, port, "", "");
        assertEquals("port unreachable", outcome.reason());
    }

    @Test
    void udpComparesTheAnswerWhenOneIsExpected() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK)) {
            echo(server);
            int port = server.getLocalPort();
            assertTrue(probe(ProbeType.UDP, port, "ping?", "ping").well());
            assertFalse(probers.probe(target(ProbeType.UDP, port, "ping?", "pong"), SHORT_MS)
                    .well());
        }
    }

    @Test
    void httpWantsASuccessAndTheTextInItsFirstPart() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        try {
            serve(server);
            int port = server.getAddress().getPort();
            assertTrue(probe(ProbeType.HTTP, port, "/ready", "").well());
            assertTrue(probe(ProbeType.HTTP, port, "ready?verbose=1", "all is well")
                    .well());
            assertEquals(
                    "the body lacks what is expected",
                    probe(ProbeType.HTTP, port, "/ready", "pong").reason());
            assertEquals(
                    "status 503", probe(ProbeType.HTTP, port, "/broken", "").reason());
            assertEquals(
                    "status 302", probe(ProbeType.HTTP, port, "/elsewhere", "").reason());
            assertTrue(probe(ProbeType.HTTP, port, "/endless", "aaa").well(), "the rest is not read");
            assertEquals(
                    "no answer",
                    probers.probe(target(ProbeType.HTTP, port, "/never", ""), SHORT_MS)
                            .reason());
        } finally {
            server.stop(0);
        }
        assertThrows(
                IOException.class,
                () -> probe(ProbeType.HTTP, server.getAddress().getPort(), "/ready", ""));
    }

    @Test
    void httpsTakesAnyCertificate(@TempDir Path directory) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(directory)));
        try {
            serve(server);
            int port = server.getAddress().getPort();
            assertTrue(probe(ProbeType.HTTPS, port, "/ready", "all is well").well());
            assertEquals(
                    "status 503", probe(ProbeType.HTTPS, port, "/broken", "").reason());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void noneIsAlwaysUp() throws Exception {
        assertTrue(probe(ProbeType.NONE, 0, "", "").well());
    }

    private Outcome probe(ProbeType type, int port, String request, String expected) throws Exception {
        return probers.probe(target(type, port, request, expected), PATIENCE_MS);
    }

    private static ProbeTarget target(ProbeType type, int port, String request, String expected) {
        return new ProbeTarget(LOOPBACK, type, port, request, expected);
    }

    private static void echo(DatagramSocket server) {
        Thread.ofVirtual().start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            while (!server.isClosed()) {
                try {
                    packet.setLength(100);
                    server.receive(packet);
                    server.send(packet);
                } catch (IOException e) {
                    return; // the test has closed it
                }
            }
        });
    }

    private static void serve(HttpServer server) {
        CompletableFuture<Void> never = new CompletableFuture<>();
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            switch (exchange.getRequestURI().getPath()) {
                case "/ready" -> {
                    byte[] body = "yes, all is well".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                }
                case "/elsewhere" -> {
                    exchange.getResponseHeaders().add("Location", "/ready");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/endless" -> {
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    byte[] part = "a".repeat(1_000).getBytes(StandardCharsets.UTF_8);
                    while (true) {
                        out.write(part); // until the client has gone
                    }
                }
                case "/never" -> never.join();
                default -> exchange.sendResponseHeaders(503, -1);
            }
            exchange.close();
        });
        server.start();
    }

    private static SSLContext selfSigned(Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "endpoint",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=somebody else",
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
