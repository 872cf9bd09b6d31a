package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherPathsTest {
    @TempDir
    Path directory;

    private Api api;

    @BeforeEach
    void start() {
        api = Api.start(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void healthProbeIsAnswered() {
        assertEquals(200, api.get("").statusCode());
        assertEquals(200, api.get("/").statusCode());
    }

    @Test
    void unknownPathIsNotFoundInTheFormOfTheContract() {
        for (String path : List.of("/config/k8smeta", "/metrics/flowcount", "/config", "/config/loadbalancer")) {
            HttpResponse<String> response = api.get(path);
            assertEquals(404, response.statusCode());
            assertEquals(404, Api.json(response).get("code").asInt());
            assertEquals(
                    "path /netlox/v1" + path + " was not found",
                    Api.json(response).get("message").asText());
            assertEquals(
                    "application/json",
                    response.headers().firstValue("Content-Type").orElseThrow());
        }
        assertEquals(404, api.post("/config/k8smeta", "{}").statusCode());
    }

    @Test
    void everyListHasPlainContentType() {
        for (String path : List.of(
                "/config/loadbalancer/all",
                "/config/conntrack/all",
                "/config/cistate/all",
                "/config/port/all",
                "/config/endpoint/all",
                "/version")) {
            HttpResponse<String> response = api.get(path);
            assertEquals(200, response.statusCode(), path);
            assertEquals(List.of("application/json"), response.headers().allValues("Content-Type"), path);
        }
    }

    @Test
    void anyAuthorizationIsAccepted() {
        assertEquals(
                200,
                api.send(api.request("/version")
                                .header("Authorization", "raw-token")
                                .GET())
                        .statusCode());
    }

    @Test
    void rolesAreSetShownAndPassedOnAgain() {
        assertEquals(
                "{\"Attr\":[{\"instance\":\"llb-inst0\",\"state\":\"NOT_DEFINED\",\"sync\":null,\"vip\":\"0.0.0.0\"}]}",
                api.get("/config/cistate/all").body());
        String master = "{\"instance\":\"llb-inst0\",\"state\":\"MASTER\",\"vip\":\"0.0.0.0\"}";
        assertEquals(
                "{\"result\":\"Success\"}", api.post("/config/cistate", master).body());
        assertEquals(
                "{\"result\":\"Success\"}", api.post("/config/cistate", master).body());
        api.post("/config/cistate", "{\"instance\":\"zone-inst1\",\"state\":\"BACKUP\"}");
        assertEquals(
                List.of("role llb-inst0 MASTER", "role llb-inst0 MASTER", "role zone-inst1 BACKUP"),
                api.dataPlane().journal().stream()
                        .filter(l -> l.startsWith("role"))
                        .toList());
        JsonNode roles = Api.json(api.get("/config/cistate/all")).get("Attr");
        assertEquals("MASTER", roles.get(0).get("state").asText());
        assertEquals("zone-inst1", roles.get(1).get("instance").asText());
    }

    @Test
    void connectionsAreTwoRowsWithBothRewrites() {
        InetAddress vip = InetAddress.ofLiteral("192.168.80.200");
        InetAddress client = InetAddress.ofLiteral("192.168.80.5");
        InetAddress server = InetAddress.ofLiteral("192.168.80.11");
        ServiceSpec web = new ServiceSpec(
                ServiceKey.of(vip, Protocol.TCP, 80),
                "web",
                NatMode.ONE_ARM,
                Selection.ROUND_ROBIN,
                240,
                List.of(new EndpointSpec(server, 8080, 7)));
        api.forwarder()
                .connect(new ConnectionSnapshot(
                        Protocol.TCP,
                        client,
                        40000,
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
                        web));
        api.forwarder()
                .connect(new ConnectionSnapshot(
                        Protocol.TCP,
                        server,
                        8080,
                        vip,
                        1024,
                        "est",
                        true,
                        NatMode.ONE_ARM,
                        vip,
                        80,
                        client,
                        40000,
                        4,
                        9000,
                        0,
                        web));
        assertEquals(
                "{\"ctAttr\":[{\"destinationIP\":\"192.168.80.200\",\"sourceIP\":\"192.168.80.5\","
                        + "\"destinationPort\":80,\"sourcePort\":40000,\"protocol\":\"tcp\",\"ident\":\"0:0\","
                        + "\"conntrackState\":\"est\",\"conntrackAct\":\"fdnat-192.168.80.200,192.168.80.11:8080:w7\","
                        + "\"packets\":5,\"bytes\":300,\"servName\":\"web\"},"
                        + "{\"destinationIP\":\"192.168.80.200\",\"sourceIP\":\"192.168.80.11\","
                        + "\"destinationPort\":1024,\"sourcePort\":8080,\"protocol\":\"tcp\",\"ident\":\"0:0\","
                        + "\"conntrackState\":\"est\",\"conntrackAct\":\"fsnat-192.168.80.5,192.168.80.200:80:w7\","
                        + "\"packets\":4,\"bytes\":9000,\"servName\":\"web\"}]}",
                api.get("/config/conntrack/all").body());
    }

    @Test
    void portsAndEndpointsHaveTheTypesOfTheContract() {
        JsonNode port = Api.json(api.get("/config/port/all")).get("portAttr").get(0);
        assertEquals("lo", port.get("portName").asText());
        assertEquals(
                255,
                port.get("portHardwareInformation").get("rawMacAddress").get(5).asInt());
        assertTrue(port.get("portHardwareInformation").get("link").isBoolean());
        assertEquals(
                "127.0.0.1/8",
                port.get("portL3Information").get("IPv4Address").get(0).asText());
        assertTrue(port.get("DataplaneSync").isInt());

        api.post("/config/loadbalancer", Bodies.LOXICMD);
        JsonNode endpoint =
                Api.json(api.get("/config/endpoint/all")).get("Attr").get(0);
        assertEquals("192.168.80.11", endpoint.get("hostName").asText());
        assertEquals("192.168.80.11_tcp_8080", endpoint.get("name").asText());
        assertEquals("ok", endpoint.get("currState").asText());
    }

    @Test
    void aBodyThatNobodyAskedForLeavesTheConnectionOpen() throws Exception {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), api.port())) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            String path = "/netlox/v1/config/loadbalancer/externalipaddress/192.168.80.9/port/80/protocol/tcp";
            out.write(("DELETE " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            out.write("\"x\"GET /netlox/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            List<String> answers =
                    in.lines().filter(line -> line.contains("HTTP/1.1 ")).toList();
            assertEquals(2, answers.size(), answers::toString);
            assertTrue(answers.getLast().contains("HTTP/1.1 200"), answers::toString);
        }
    }

    @Test
    void requestThatIsNoHttpGetsJsonWithoutStackTrace() throws Exception {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), api.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /netlox/v1/a%2Fb%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
            assertTrue(answer.contains("\"code\":400"), answer);
            assertFalse(answer.contains("Exception"), answer);
        }
    }
}
