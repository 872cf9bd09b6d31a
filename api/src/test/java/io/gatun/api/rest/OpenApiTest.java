package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.access.ApiAccess;
import io.gatun.api.bfd.BfdSessions;
import io.gatun.api.endpoints.EndpointStore;
import io.gatun.api.events.NodeEvents;
import io.gatun.api.firewall.FirewallStore;
import io.gatun.api.params.ParamsStore;
import io.gatun.api.roles.RoleStore;
import io.gatun.api.rules.RuleStore;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.FakeForwarder;
import io.gatun.api.testkit.OpenApi;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.incident.Incidents;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document says what the server does, and the server does what the document says. */
class OpenApiTest {
    /** The status page and its files. */
    private static final Pattern PAGE = Pattern.compile("GET /([a-z]+\\.(html|css|js|svg))?");

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)\\}");

    @TempDir
    Path directory;

    private final OpenApi openApi = OpenApi.read();

    @Test
    void documentAndRouterNameTheSame() throws IOException {
        FakeDataPlane dataPlane = new FakeDataPlane();
        FakeForwarder forwarder = dataPlane.forwarder();
        try (HealthMonitor monitor = new HealthMonitor(dataPlane.prober(), changes -> {}, List::of)) {
            RoleStore roles = new RoleStore(directory, (instance, role) -> {});
            Incidents incidents = new Incidents();
            RestServer server = new RestServer(
                    ApiAccess.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                    new RestSources(
                            forwarder,
                            new RuleStore(forwarder, directory, vips -> {}),
                            new EndpointStore(directory, monitor),
                            monitor,
                            roles,
                            incidents,
                            new FirewallStore(forwarder, directory),
                            new ParamsStore(directory, BfdSessions.NONE),
                            null,
                            new MetricsRoutes(directory, () -> null),
                            new NodeEvents(forwarder, roles, incidents, Optional::empty),
                            null)); // nothing is asked

            Set<String> described = openApi.operations().stream()
                    .map(OpenApi.Operation::toString)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> registered = server.routes().stream()
                    .filter(route -> !PAGE.matcher(route).matches())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(described, registered);
        }
    }

    @Test
    void parametersOfPathsAreDescribedAndOperationsHaveNames() {
        Set<String> names = new HashSet<>();
        for (OpenApi.Operation operation : openApi.operations()) {
            assertTrue(names.add(operation.node().get("operationId").asText()), operation.toString());
            Set<String> described = new TreeSet<>();
            for (JsonNode parameter : operation.parameters()) {
                if (parameter.get("in").asText().equals("path")) {
                    described.add(parameter.get("name").asText());
                }
            }
            Set<String> inPath = PARAMETER
                    .matcher(operation.path())
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(inPath, described, operation.toString());
        }
    }

    @Test
    void itIsServed() {
        try (Api api = Api.start(directory)) {
            HttpResponse<String> served = api.getOwn("/openapi.json");
            assertEquals(List.of("application/json"), served.headers().allValues("Content-Type"));
            assertEquals(openApi.document(), Api.json(served));
            assertEquals(
                    Api.json(api.get("/version")).get("version"),
                    Api.json(served).at("/info/version"));
        }
    }

    /** Asked as the examples say, on a node that has something to show; reads first, then changes, then nonsense. */
    @Test
    void answersFitTheirSchemas() {
        try (Api api = Api.start(directory)) {
            furnish(api);
            for (OpenApi.Operation operation : openApi.operations()) {
                if (operation.method().equals("GET") && !operation.streams()) {
                    HttpResponse<String> answer = ask(api, operation, null);
                    assertEquals(200, answer.statusCode(), operation + ": " + answer.body());
                    if (operation.answersJson()) {
                        check(operation, answer);
                    }
                }
            }
            List<String> refusals = new ArrayList<>();
            for (OpenApi.Operation operation : openApi.operations()) {
                if (!operation.method().equals("GET")) {
                    check(operation, ask(api, operation, "{}"));
                    HttpResponse<String> refused = ask(api, operation, "\"x\"");
                    check(operation, refused);
                    refusals.add(refused.statusCode() + " " + operation.method());
                }
            }
            assertTrue(refusals.contains("422 POST"), refusals.toString());
        }
    }

    private static void furnish(Api api) {
        InetAddress vip = InetAddress.ofLiteral("192.168.80.200");
        InetAddress client = InetAddress.ofLiteral("192.168.80.5");
        InetAddress server = InetAddress.ofLiteral("192.168.80.11");
        api.forwarder()
                .connect(new ConnectionSnapshot(
                        Protocol.TCP,
                        client,
                        40_000,
                        vip,
                        80,
                        "est",
                        false,
                        NatMode.ONE_ARM,
                        vip,
                        1024,
                        server,
                        8080,
                        5,
                        300,
                        0,
                        null));
        for (String body : List.of(Bodies.LOXICMD, Bodies.KUBE_LOXILB)) {
            assertEquals(200, api.post("/config/loadbalancer", body).statusCode());
        }
        api.post("/config/endpoint", "{\"hostName\":\"192.168.80.19\",\"probeType\":\"tcp\",\"probePort\":81}");
        api.post("/config/endpointhoststate", "{\"hostName\":\"192.168.80.19\",\"state\":\"red\"}");
        api.post("/config/firewall", "{\"ruleArguments\":{\"sourceIP\":\"10.0.0.0/8\"},\"opts\":{\"drop\":true}}");
        api.post("/config/bfd", "{\"remoteIp\":\"192.168.80.6\",\"interval\":300000}");
    }

    private void check(OpenApi.Operation operation, HttpResponse<String> answer) {
        assertEquals(
                List.of(),
                openApi.wrong(operation, answer.statusCode(), Api.json(answer)),
                () -> operation + " -> " + answer.statusCode() + " " + answer.body());
    }

    /** With the examples of its parameters. */
    private static HttpResponse<String> ask(Api api, OpenApi.Operation operation, String body) {
        StringBuilder query = new StringBuilder();
        String path = operation.path();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.get("name").asText();
            if (parameter.get("in").asText().equals("path")) {
                path = path.replace("{" + name + "}", parameter.get("example").asText());
            } else if (parameter.has("example")) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(parameter.get("example").asText());
            }
        }
        HttpRequest.BodyPublisher sent =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return api.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path + query))
                .method(operation.method(), sent));
    }
}
