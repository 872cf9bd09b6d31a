package io.gatun.kube.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.model.Family;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StatusServerTest {
    @Test
    void probesAndMetricsAreAnswered() throws Exception {
        AtomicBoolean ready = new AtomicBoolean();
        Counts counts = new Counts();
        counts.written.add(3);
        Figures figures = new Figures(2, 1, 0, 2, 4, List.of(new Figures.PoolUse("defaultPool", Family.IPV4, 8, 2)));
        try (HttpClient client = HttpClient.newHttpClient();
                StatusServer server = new StatusServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        ready::get,
                        () -> true,
                        () -> Measures.of(true, true, figures, counts))) {
            assertEquals(503, get(client, server, "/readyz").statusCode());
            ready.set(true);
            assertEquals(200, get(client, server, "/readyz").statusCode());
            assertEquals(200, get(client, server, "/livez").statusCode());
            assertEquals(404, get(client, server, "/other").statusCode());
            List<String> lines = get(client, server, "/metrics").body().lines().toList();
            assertTrue(lines.contains("gatun_controller_in_charge 1.0"), lines::toString);
            assertTrue(lines.contains("gatun_controller_services{state=\"refused\"} 1.0"), lines::toString);
            assertTrue(
                    lines.contains("gatun_controller_pool_used{family=\"ipv4\",pool=\"defaultPool\"} 2.0"),
                    lines::toString);
            assertTrue(lines.contains("gatun_controller_writes_total{outcome=\"done\"} 3.0"), lines::toString);
        }
    }

    private static HttpResponse<String> get(HttpClient client, StatusServer server, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
