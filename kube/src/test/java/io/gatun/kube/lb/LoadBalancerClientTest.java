package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.gatun.kube.lb.Reply.Outcome;
import io.gatun.kube.model.RuleKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadBalancerClientTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private LoadBalancerClient client;
    private volatile int status = 200;
    private volatile String body = "";
    private volatile boolean stuck;
    private volatile String seen = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " " + sent;
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            if (stuck) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    return;
                }
            }
            exchange.close();
        });
        server.start();
        client = client(name -> null);
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        http.shutdownNow();
    }

    private LoadBalancerClient client(UnaryOperator<String> environment) {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        Pace pace = new Pace(
                Duration.ofMillis(50),
                Duration.ofMillis(400),
                2,
                Duration.ofMillis(400),
                Duration.ofSeconds(1),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                Duration.ofMinutes(1),
                1);
        return new LoadBalancerClient(http, uri, environment, pace, new Counts());
    }

    private Outcome post(int code, String text) {
        status = code;
        body = text;
        return client.post(Rules.plain(1, 1)).outcome();
    }

    private Outcome delete(int code, String text) {
        status = code;
        body = text;
        return client.delete(Rules.key(1)).outcome();
    }

    @Test
    void whatAnAnswerToAPostMeans() {
        assertEquals(Outcome.DONE, post(200, "{\"result\":\"Success\"}"));
        assertEquals(Outcome.EXISTS, post(409, "{\"code\":409,\"result\":\"lbrule-exists error\"}"));
        assertEquals(Outcome.EXISTS, post(200, "{\"result\":\"lbrule-exists error\"}"));
        assertEquals(Outcome.REFUSED, post(404, "{\"result\":\"lbrule not-exists error\"}"));
        assertEquals(Outcome.REFUSED, post(200, "{\"result\":\"Error: Only Hash Selection criteria allowed\"}"));
        assertEquals(Outcome.REFUSED, post(201, "{\"result\":\"Success\"}"));
        assertEquals(Outcome.REFUSED, post(200, "<html>"));
        assertEquals(Outcome.REFUSED, post(422, "{\"code\":602,\"message\":\"no externalIP\"}"));
        assertEquals(Outcome.BROKEN, post(500, ""));
        assertEquals(Outcome.BROKEN, post(429, "{\"result\":\"too many requests\"}"));
    }

    @Test
    void aRefusalSaysWhy() {
        post(422, "{\"code\":602,\"message\":\"no externalIP\"}");
        assertEquals("status 422, no externalIP", client.post(Rules.plain(1, 1)).text());
    }

    @Test
    void whatIsNotThereIsDeleted() {
        assertEquals(Outcome.DONE, delete(200, "{\"result\":\"Success\"}"));
        assertEquals(Outcome.DONE, delete(404, "{\"result\":\"no-rule error\"}"));
        assertEquals(Outcome.BROKEN, delete(503, "{\"result\":\"not-ready\"}"));
        assertEquals(Outcome.REFUSED, delete(401, "{\"result\":\"no valid token\"}"));
        assertTrue(
                seen.startsWith("DELETE /netlox/v1/config/loadbalancer/externalipaddress/192.168.80.101/port/1000"
                        + "/protocol/tcp?bgp=false&block=0 null"),
                seen);
    }

    @Test
    void anyAnswerIsALife() {
        status = 404;
        assertTrue(client.alive());
        server.stop(0);
        assertFalse(client.alive());
    }

    @Test
    void anAnswerThatDoesNotEndIsNone() {
        body = "{\"result\":";
        stuck = true;
        assertEquals(Outcome.UNREACHABLE, client.post(Rules.plain(1, 1)).outcome());
        assertFalse(client.alive());
    }

    @Test
    void anAnswerThatIsTooLargeIsNone() {
        assertEquals(Outcome.UNREACHABLE, post(200, "x".repeat(70_000)));
    }

    @Test
    void rulesAreNoListThatIsNone() {
        body = "{\"result\":\"maintenance\"}";
        assertThrows(IOException.class, () -> client.rules());
        body = "<html>";
        assertThrows(IOException.class, () -> client.rules());
        status = 503;
        body = "{\"lbAttr\":[]}";
        assertThrows(IOException.class, () -> client.rules());
    }

    @Test
    void rulesAreReadTolerantly() throws IOException {
        body = "{\"lbAttr\":null}";
        assertEquals(Map.of(), client.rules());
        body = """
                {"lbAttr":[
                 {"serviceArguments":{"externalIP":"2001:DB8:0::7","port":80,"protocol":"tcp","name":"a_b:llb-inst0",
                  "new":[1]},"endpoints":null,"allowedSources":null,"unknown":{}},
                 {"serviceArguments":{"externalIP":"10.0.0.1","port":80,"protocol":"tcp","block":7}},
                 {"serviceArguments":{"externalIP":"10.0.0.2","port":80,"portMax":90,"protocol":"tcp"}},
                 {"serviceArguments":{"externalIP":"10.0.0.3","port":80,"protocol":"tcp","host":"a.example"}},
                 {"serviceArguments":{"externalIP":"10.0.0.4","protocol":"icmp"}},
                 {"serviceArguments":{"externalIP":null,"port":80,"protocol":"tcp"}}, null, 7]}""";
        assertEquals(
                Set.of(new RuleKey("2001:db8::7", 80, "tcp")), client.rules().keySet());
    }

    @Test
    void theTokenOfTheHostIsSentAlone() {
        body = "{\"result\":\"Success\"}";
        client(name -> name.equals("ACCESS_TOKEN_127.0.0.1") ? "secret" : null).role("llb-inst0", "MASTER", "0.0.0.0");
        assertEquals(
                "POST /netlox/v1/config/cistate secret"
                        + " {\"instance\":\"llb-inst0\",\"state\":\"MASTER\",\"vip\":\"0.0.0.0\"}",
                seen);
    }
}
