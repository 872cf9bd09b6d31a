package io.gatun.api.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.access.ApiAccess;
import io.gatun.api.daemon.Concluded;
import io.gatun.api.daemon.Configuration;
import io.gatun.api.daemon.Daemon;
import io.gatun.api.daemon.RunOptions;
import io.gatun.forwarder.control.IoEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A daemon on a fake data plane and a free port of 127.0.0.1, asked over real HTTP. */
public final class Api implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final FakeDataPlane dataPlane;
    private final Daemon daemon;
    private final HttpClient http = HttpClient.newHttpClient();

    private Api(Daemon daemon, FakeDataPlane dataPlane) {
        this.dataPlane = dataPlane;
        this.daemon = daemon;
    }

    public static Api start(Path directory) {
        return start(directory, new FakeDataPlane());
    }

    public static Api start(Path directory, FakeDataPlane dataPlane) {
        return new Api(Daemon.start(options(directory, 0), dataPlane, failure -> {}), dataPlane);
    }

    /** One whose settings change. */
    public static Api start(Configuration configuration, Concluded concluded, FakeDataPlane dataPlane) {
        return new Api(Daemon.start(configuration, concluded, dataPlane, failure -> {}), dataPlane);
    }

    public static RunOptions options(Path directory, int port) {
        return options(directory, ApiAccess.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)));
    }

    public static RunOptions options(Path directory, ApiAccess access) {
        return new RunOptions(
                List.of("lo"),
                Optional.empty(),
                Optional.empty(),
                false,
                IoEngine.AUTO,
                access,
                directory.resolve("run"),
                directory.resolve("state"),
                RunOptions.Snat.VIP,
                Optional.empty(),
                Optional.empty(),
                RunOptions.Idle.POLL,
                0,
                1024,
                0,
                0,
                Optional.empty(),
                RunOptions.Sync.NONE);
    }

    public Daemon daemon() {
        return daemon;
    }

    public FakeDataPlane dataPlane() {
        return dataPlane;
    }

    public FakeForwarder forwarder() {
        return dataPlane.forwarder();
    }

    public int port() {
        return daemon.api().getPort();
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> post(String path, byte[] body) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    public HttpResponse<String> delete(String path) {
        return send(request(path).DELETE());
    }

    /** DELETE with a body, as kube-loxilb sends it. */
    public HttpResponse<String> delete(String path, String body) {
        return send(request(path).method("DELETE", HttpRequest.BodyPublishers.ofString(body)));
    }

    /** All rules as clients see them. */
    public JsonNode rules() {
        return json(get("/config/loadbalancer/all")).get("lbAttr");
    }

    public static JsonNode json(HttpResponse<String> response) {
        try {
            return MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + response.body(), e);
        }
    }

    @Override
    public void close() {
        daemon.close();
        http.close();
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** GET of a path that is Gatun's own. */
    public HttpResponse<String> getOwn(String path) {
        return send(plainRequest("/gatun/v1" + path).GET());
    }

    /** POST to a path that is Gatun's own. */
    public HttpResponse<String> postOwn(String path, String body) {
        return send(plainRequest("/gatun/v1" + path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpRequest.Builder request(String path) {
        return plainRequest("/netlox/v1" + path)
                .header("Content-Type", "application/json")
                .header("Authorization", "");
    }

    private HttpRequest.Builder plainRequest(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }
}
