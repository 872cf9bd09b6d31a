package io.gatun.kube.testkit;

import io.gatun.lab.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP port on this process's loopback that leads to one on the loopback of a host of the lab. An HTTP client pools
 * connections and opens them on threads of its own, which do not live in a host; through a door it need not know.
 *
 * <p>When nobody listens behind it, a connection ends as soon as it is made.
 */
public final class Door implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 1000;
    private static final Pattern REQUEST = Pattern.compile("^((?:GET|POST|DELETE) \\S+) HTTP/1\\.1\r\n");

    private final Host host;
    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> open = new HashSet<>();
    private final List<String> requests = new ArrayList<>();
    private boolean closed;

    /** Opens one to a port of the host's loopback. */
    public Door(Host host, int port) {
        this.host = host;
        this.port = port;
        try {
            listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("door of " + host.name()).start(this::accept);
    }

    /** Where an HTTP client finds it. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Requests that went in, as {@code METHOD target}, in the order in which they came. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** Forgets the requests so far. */
    public synchronized void forgetRequests() {
        requests.clear();
    }

    @Override
    public void close() throws IOException {
        List<Socket> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open);
        }
        listener.close();
        for (Socket socket : all) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket outside = listener.accept();
                Thread.ofVirtual().start(() -> lead(outside));
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private void lead(Socket outside) {
        try (outside;
                Socket inside = host.call(this::connect)) {
            if (!add(outside, inside)) {
                return;
            }
            Thread back = Thread.ofVirtual().start(() -> copy(inside, outside, false));
            copy(outside, inside, true);
            back.join();
        } catch (Exception e) {
            // Nobody listens: the connection ends, and the client learns it that way.
            return;
        } finally {
            forget(outside);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private synchronized boolean add(Socket outside, Socket inside) throws IOException {
        outside.setTcpNoDelay(true);
        open.add(outside);
        open.add(inside);
        return !closed;
    }

    private synchronized void forget(Socket outside) {
        open.remove(outside);
        open.removeIf(Socket::isClosed);
    }

    /** One direction to its end, which is the end of both. */
    private void copy(Socket from, Socket to, boolean in) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream source = from.getInputStream();
            OutputStream target = to.getOutputStream();
            for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
                if (in) {
                    note(new String(buffer, 0, count, StandardCharsets.US_ASCII));
                }
                target.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // The end, one way or the other.
            return;
        }
    }

    private synchronized void note(String text) {
        Matcher request = REQUEST.matcher(text);
        if (request.find()) {
            requests.add(request.group(1));
        }
    }
}
