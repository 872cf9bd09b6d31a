package io.gatun.api.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** HTTP/1.1 by hand: sends any bytes, and reads what comes back. Reconnects when the server closes. */
public final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final int port;
    private Socket socket;
    private InputStream in;

    /** @param port of 127.0.0.1 */
    public RawHttp(int port) {
        this.port = port;
    }

    /** An answer; of the body what is in it. */
    public record Response(int status, String body) {}

    /**
     * Sends a request and waits for its answer, ten seconds at most.
     *
     * @throws java.net.SocketTimeoutException when none comes
     */
    public Response exchange(byte[] request) throws IOException {
        if (socket != null) {
            try {
                return send(request);
            } catch (EOFException | SocketException e) {
                close(); // a server may close between two requests, above all when it did not read the body of the
                // first
            }
        }
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        return send(request);
    }

    private Response send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        return answer(new String(request, 0, Math.min(5, request.length), StandardCharsets.US_ASCII).equals("HEAD "));
    }

    private Response answer(boolean ofHead) throws IOException {
        String status = line();
        long length = -1;
        boolean chunked = false;
        boolean last = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String text = header.toLowerCase(Locale.ROOT);
            if (text.startsWith("content-length:")) {
                length = Long.parseLong(text.substring(text.indexOf(':') + 1).strip());
            }
            chunked |= text.equals("transfer-encoding: chunked");
            last |= text.equals("connection: close");
        }
        int code = Integer.parseInt(status.substring(9, 12));
        if (code < 200) {
            return answer(ofHead);
        }
        byte[] body;
        if (ofHead || code == 204 || code == 304) {
            body = new byte[0];
        } else if (chunked) {
            body = chunks();
        } else if (length >= 0) {
            body = in.readNBytes((int) length);
        } else {
            body = in.readAllBytes();
            last = true;
        }
        if (last) {
            close();
        }
        return new Response(code, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("closed after \"" + line + "\"");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
