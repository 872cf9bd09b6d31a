package io.gatun.api.system;

import io.gatun.lab.Host;
import io.gatun.lab.PseudoRandomStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One TCP connection that speaks HTTP/1.1, opened by the thread that asks for it. */
final class Http implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int READ_TIMEOUT_MS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private Map<String, String> headers = Map.of();

    /** Status and whole body. */
    record Answer(int status, String body) {}

    private Http(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    static Http open(String address, int port) throws IOException {
        return open(address, port, CONNECT_TIMEOUT_MS);
    }

    static Http open(String address, int port, int connectTimeoutMs) throws IOException {
        return connect(new Socket(), address, port, connectTimeoutMs);
    }

    /** From a local address of the caller's host. */
    static Http open(String local, String address, int port, int connectTimeoutMs) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(local), 0));
        return connect(socket, address, port, connectTimeoutMs);
    }

    /** A socket that is not bound gets its port when it connects, one after the other; bind draws any port again. */
    private static Http connect(Socket socket, String address, int port, int connectTimeoutMs) throws IOException {
        try {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), connectTimeoutMs);
            socket.setSoTimeout(READ_TIMEOUT_MS);
            socket.setTcpNoDelay(true); // head and body are written apart
            return new Http(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The body of a GET over a new connection from {@code host}. */
    static String get(Host host, String address, int port, String path) throws Exception {
        return host.call(() -> exchange(address, port, "GET", path, "").body());
    }

    /** One request over a new connection of the calling thread. */
    static Answer exchange(String address, int port, String method, String path, String body) throws IOException {
        try (Http http = open(address, port)) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            http.request(method, path, bytes.length);
            http.out().write(bytes);
            return http.answer();
        }
    }

    String get(String path) throws IOException {
        request("GET", path, 0);
        return answer().body();
    }

    /** Sends the head of a request; its body goes to {@link #out}. */
    void request(String method, String path, long bodyLength) throws IOException {
        String head =
                method + " " + path + " HTTP/1.1\r\nHost: gatun\r\nContent-Type: application/json\r\nContent-Length: "
                        + bodyLength + "\r\n\r\n";
        out().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    int localPort() {
        return socket.getLocalPort();
    }

    Answer answer() throws IOException {
        int status = head();
        return new Answer(status, new String(body(), StandardCharsets.UTF_8));
    }

    /** Reads the head of an answer. @return the status */
    int head() throws IOException {
        String statusLine = line();
        headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return Integer.parseInt(statusLine.split(" ", -1)[1]);
    }

    String header(String name) {
        return headers.get(name);
    }

    /** Reads {@code length} bytes of the body into the digest. */
    void read(MessageDigest digest, long length) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = length;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException((length - left) + " of " + length + " bytes came");
            }
            digest.update(buffer, 0, count);
            left -= count;
        }
    }

    /** SHA-256 of what the lab's servers send as {@code /bytes/LENGTH}. */
    static String expectedDigest(long length) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream stream = new PseudoRandomStream(length)) {
            byte[] buffer = new byte[1 << 16];
            for (int count = stream.read(buffer); count > 0; count = stream.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return hex(digest);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] body() throws IOException {
        if (!"chunked".equals(header("transfer-encoding"))) {
            return in.readNBytes(Integer.parseInt(header("content-length")));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended after \"" + line.toString(StandardCharsets.UTF_8) + "\"");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }
}
