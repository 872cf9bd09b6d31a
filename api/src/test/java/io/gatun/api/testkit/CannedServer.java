package io.gatun.api.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Answers each path as it was told to, and everything else with success; remembers what it was asked. */
public final class CannedServer implements AutoCloseable {
    private static final String SUCCESS = "{\"result\":\"Success\"}";

    private final HttpServer server;
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch released;

    private CannedServer(CountDownLatch released) {
        this.released = released;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    public static CannedServer start() {
        return new CannedServer(new CountDownLatch(0));
    }

    /** One that answers nothing before {@link #release}. */
    public static CannedServer holdingBack() {
        return new CannedServer(new CountDownLatch(1));
    }

    public void release() {
        released.countDown();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * From now on a path is answered so.
     *
     * @param path with its query, as it is sent
     */
    public CannedServer answer(String path, String body) {
        return answer(path, 200, body);
    }

    public CannedServer answer(String path, int status, String body) {
        bodies.put(path, body);
        statuses.put(path, status);
        return this;
    }

    /** Each request so far: method, path with query, and the body where there is one. */
    public List<String> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
            released.await();
            byte[] answer = bodies.getOrDefault(path, SUCCESS).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(statuses.getOrDefault(path, 200), answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        release();
        server.stop(0);
    }
}
