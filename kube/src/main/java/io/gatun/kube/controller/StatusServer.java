package io.gatun.kube.controller;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatun.kube.metrics.Exposition;
import io.gatun.kube.metrics.Measure;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /readyz}, {@code /livez} and {@code /metrics}. */
public final class StatusServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;

    /**
     * Listens.
     *
     * @throws IOException when the address cannot be had
     */
    public StatusServer(
            InetSocketAddress address, BooleanSupplier ready, BooleanSupplier alive, Supplier<List<Measure>> measures)
            throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, HttpURLConnection.HTTP_NOT_FOUND, TEXT, "not found\n"));
        server.createContext("/readyz", exchange -> probe(exchange, ready.getAsBoolean()));
        server.createContext("/livez", exchange -> probe(exchange, alive.getAsBoolean()));
        server.createContext(
                "/metrics",
                exchange -> answer(
                        exchange, HttpURLConnection.HTTP_OK, Exposition.CONTENT_TYPE, Exposition.text(measures.get())));
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private static void probe(HttpExchange exchange, boolean well) throws IOException {
        if (well) {
            answer(exchange, HttpURLConnection.HTTP_OK, TEXT, "ok\n");
        } else {
            answer(exchange, HttpURLConnection.HTTP_UNAVAILABLE, TEXT, "not ready\n");
        }
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(code, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
