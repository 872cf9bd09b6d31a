package io.gatun.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A real HTTP server that says who it is, for endpoints of a lab:
 *
 * <pre>
 * GET /, /name    its name
 * GET /peer       address and port of the client as the server sees it
 * GET /bytes/N    N bytes of {@link PseudoRandomStream}, as a download
 * POST anything   the body, back
 * </pre>
 *
 * Every answer carries its name in {@code Server-Name}; connections are kept alive.
 */
public final class HttpEcho {
    private static final int BACKLOG = 4096;

    private final String name;

    private HttpEcho(String name) {
        this.name = name;
    }

    /**
     * Serves until it is killed.
     *
     * @param args NAME PORT; prints {@code listening} when it does
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: HttpEcho NAME PORT");
        }
        // Without it the end of a small answer waits for the client's delayed ACK, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[1])), BACKLOG);
        server.createContext("/", new HttpEcho(args[0])::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println("listening " + args[0] + " http " + server.getAddress());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Server-Name", name);
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("POST")) {
                echo(exchange);
            } else if (path.equals("/") || path.equals("/name")) {
                text(exchange, 200, name);
            } else if (path.equals("/peer")) {
                InetSocketAddress peer = exchange.getRemoteAddress();
                text(exchange, 200, peer.getAddress().getHostAddress() + " " + peer.getPort());
            } else if (path.matches("/bytes/\\d{1,12}")) {
                download(exchange, Long.parseLong(path.substring("/bytes/".length())));
            } else {
                text(exchange, 404, "path=" + path + ", ask for /, /name, /peer or /bytes/N\n");
            }
        }
    }

    private static void text(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void download(HttpExchange exchange, long length) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=\"" + length + ".bin\"");
        send(exchange, new PseudoRandomStream(length), length);
    }

    private static void echo(HttpExchange exchange) throws IOException {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length == null) {
            exchange.sendResponseHeaders(200, 0); // 0 means chunked here
            exchange.getRequestBody().transferTo(exchange.getResponseBody());
        } else {
            send(exchange, exchange.getRequestBody(), Long.parseLong(length));
        }
    }

    private static void send(HttpExchange exchange, InputStream body, long length) throws IOException {
        exchange.sendResponseHeaders(200, length == 0 ? -1 : length); // -1 means an empty body here
        body.transferTo(exchange.getResponseBody());
    }
}
