package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.lab.junit.LabTest;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The servers that endpoints run, across the bridge. One lab for all tests. */
@LabTest
class ServersTest {
    private static Host client;
    private static Host server;

    @BeforeAll
    static void startServers(Lab lab) {
        client = lab.host("client", "192.168.80.10/24", "fd00:80::10/64");
        server = lab.host("server", "192.168.80.11/24", "fd00:80::11/64");
        Servers.http(server, "ep1", 8080);
        Servers.udpEcho(server, "ep1", 5353);
    }

    @Test
    void httpSaysWhoItIs() throws Exception {
        assertEquals("ep1", get("192.168.80.11", "/"));
        assertEquals("ep1", get("192.168.80.11", "/name"));
        assertEquals("ep1", get("[fd00:80::11]", "/name"));
        assertEquals("192.168.80.10", get("192.168.80.11", "/peer").split(" ", -1)[0]);
    }

    @Test
    void downloadIsTheSameEveryTime() throws Exception {
        long length = 20_000_003;
        byte[] first = client.call(
                () -> digest(open("192.168.80.11", "/bytes/" + length).getInputStream()));

        assertArrayEquals(digest(new PseudoRandomStream(length)), first);
        assertEquals("", get("192.168.80.11", "/bytes/0"));
    }

    @Test
    void postComesBack() throws Exception {
        byte[] body = new PseudoRandomStream(100_000).readAllBytes();
        byte[] answer = client.call(() -> {
            HttpURLConnection connection = open("192.168.80.11", "/anything");
            connection.setDoOutput(true);
            connection.getOutputStream().write(body);
            assertEquals("ep1", connection.getHeaderField("Server-Name"));
            return connection.getInputStream().readAllBytes();
        });

        assertArrayEquals(body, answer);
    }

    @Test
    void unknownPathIsAnswered() throws Exception {
        assertEquals(404, client.call(() -> open("192.168.80.11", "/nothing").getResponseCode()));
    }

    @Test
    void udpAnswersWithItsNameInFront() throws Exception {
        assertEquals("ep1 hello", client.call(() -> ask("192.168.80.11", "hello")));
        assertEquals("ep1 ", client.call(() -> ask("fd00:80::11", "")));
    }

    @Test
    void portMustBeAPort() {
        LabException e = assertThrows(LabException.class, () -> Servers.http(server, "x", 65536));
        assertEquals("port=65536, must be 1-65535", e.getMessage());
    }

    private static String get(String address, String path) throws Exception {
        return client.call(
                () -> new String(open(address, path).getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static HttpURLConnection open(String address, String path) throws Exception {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + address + ":8080" + path).toURL().openConnection();
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(10_000);
        return connection;
    }

    private static String ask(String address, String question) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5000);
            byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral(address), 5353));
            DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] digest(InputStream stream) throws Exception {
        try (DigestInputStream digesting = new DigestInputStream(stream, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return digesting.getMessageDigest().digest();
        }
    }
}
