package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.RuleBody;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    private static final String LB = "/config/loadbalancer";

    @TempDir
    Path directory;

    @Test
    void rulesAndRolesAreThereBeforeRestAnswersAgain() {
        JsonNode before;
        try (Api api = Api.start(directory)) {
            api.post("/config/cistate", "{\"instance\":\"llb-inst0\",\"state\":\"BACKUP\",\"vip\":\"0.0.0.0\"}");
            api.post(LB, Bodies.LOXICMD);
            api.post(LB, Bodies.with("\"port\":80", "\"port\":81").replace("\"block\":0", "\"block\":4294967295"));
            before = api.rules();
        }
        try (Api api = Api.start(directory)) {
            assertEquals(before, api.rules());
            assertEquals(
                    List.of(
                            "forwarder opened on lo",
                            "role llb-inst0 BACKUP",
                            "put tcp 192.168.80.200:80",
                            "put tcp 192.168.80.200:81 block 4294967295",
                            "attach",
                            "vips [192.168.80.200=llb-inst0]"),
                    api.dataPlane().journal());
            assertEquals(409, api.post(LB, Bodies.LOXICMD).statusCode());
            assertTrue(api.get("/config/cistate/all").body().contains("BACKUP"));
        }
    }

    @Test
    void everythingThatARuleCanHaveIsReadBack() {
        List<String> bodies = List.of(
                RuleBody.of("2001:db8::200", "sctp", 1000)
                        .with("portMax", 2000)
                        .with("sel", 1)
                        .endpoint("192.168.80.11", 0)
                        .source("2001:db8::/32")
                        .json(),
                RuleBody.of("192.168.80.200", "tcp", 80)
                        .with("mode", 2)
                        .with("privateIP", "\"192.168.80.9\"")
                        .endpoint("192.168.80.11", 80)
                        .source("10.0.0.0/8")
                        .source("10.1.0.0/16")
                        .json(),
                RuleBody.of("192.168.80.200", "udp", 53)
                        .with("mode", 3)
                        .with("sel", 1)
                        .endpoint("192.168.80.11", 53)
                        .json(),
                RuleBody.of("192.168.80.200", "icmp", 0)
                        .endpoint("192.168.80.11", 0)
                        .json(),
                RuleBody.of("0.0.0.0", "tcp", 443)
                        .with("mode", 5)
                        .endpoint("192.168.80.11", 8443)
                        .json());
        JsonNode before;
        List<ServiceSnapshot> services;
        try (Api api = Api.start(directory)) {
            bodies.forEach(body ->
                    assertEquals("{\"result\":\"Success\"}", api.post(LB, body).body()));
            before = api.rules();
            services = api.forwarder().services();
        }
        try (Api api = Api.start(directory)) {
            assertEquals(before, api.rules());
            assertEquals(services, api.forwarder().services());
            bodies.forEach(body -> assertEquals(409, api.post(LB, body).statusCode(), body));
        }
    }

    @Test
    void stopWithdrawsVipsBeforeForwardingEnds() {
        FakeDataPlane dataPlane = new FakeDataPlane();
        try (Api api = Api.start(directory, dataPlane)) {
            assertTrue(api.daemon()
                    .readyLine()
                    .startsWith("ready interface=lo engine=xdp mode=native reason=\"asked for\" api=127.0.0.1:"));
        }
        assertEquals(
                List.of("forwarder opened on lo", "attach", "vips []", "vip owner closed", "forwarder closed"),
                dataPlane.journal());
    }

    @Test
    void damagedFileIsSetAsideAndWhatWasBeforeItIsUsed() throws IOException {
        try (Api api = Api.start(directory)) {
            api.post(LB, Bodies.LOXICMD);
            api.post(LB, Bodies.with("\"port\":80", "\"port\":81"));
        }
        Path file = directory.resolve("state/rules.changes-0");
        String whole = Files.readString(file);
        Files.writeString(file, whole.replaceFirst("(?s)\\n.*", "\n{}\n"));
        try (Api api = Api.start(directory)) {
            assertEquals(1, api.rules().size());
            assertEquals(
                    80, api.rules().get(0).get("serviceArguments").get("port").asInt());
            assertTrue(Files.exists(directory.resolve("state/rules.changes-0.damaged-1")));
            assertEquals(
                    200, api.post(LB, Bodies.with("\"port\":80", "\"port\":82")).statusCode());
        }
        try (Api api = Api.start(directory)) {
            assertEquals(2, api.rules().size());
        }
    }

    @Test
    void fileWithImpossibleRuleIsDamagedToo() throws IOException {
        Files.createDirectories(directory.resolve("state"));
        Files.writeString(
                directory.resolve("state/rules.json"),
                "{\"lbAttr\":[" + Bodies.with("\"port\":80", "\"port\":0") + "]}");
        Files.writeString(directory.resolve("state/roles.json"), "{\"roles\":[{\"instance\":\"x\"}]}");
        try (Api api = Api.start(directory)) {
            assertEquals(0, api.rules().size());
            assertTrue(Files.exists(directory.resolve("state/rules.json.damaged-1")));
            assertTrue(Files.exists(directory.resolve("state/roles.json.damaged-1")));
        }
    }

    @Test
    void ruleThatCannotBeServedNowIsKeptAndTriedAgain() {
        try (Api api = Api.start(directory)) {
            api.post(LB, Bodies.LOXICMD);
        }
        RejectedException noRoute =
                RejectedException.invalid("endpoints[0].endpointIP", "192.168.80.11", "add a route to it");
        try (Api api = Api.start(directory, new FakeDataPlane(noRoute))) {
            assertEquals("vips []", api.dataPlane().journal().getLast());
            JsonNode rule = api.rules().get(0);
            assertEquals("inactive", rule.get("endpoints").get(0).get("state").asText());
            assertEquals(400, api.post(LB, Bodies.LOXICMD).statusCode());
            api.forwarder().reject(null);
            assertEquals(200, api.post(LB, Bodies.LOXICMD).statusCode());
            assertEquals(
                    "active",
                    api.rules().get(0).get("endpoints").get(0).get("state").asText());
            assertEquals(
                    "vips [192.168.80.200=llb-inst0]", api.dataPlane().journal().getLast());
        }
    }

    @Test
    void ruleThatCannotBeSavedIsTakenBack() throws IOException {
        try (Api api = Api.start(directory)) {
            api.post(LB, Bodies.LOXICMD);
            // A directory in the way of the file that would be written to.
            Files.delete(directory.resolve("state/rules.changes-0"));
            Files.createDirectories(directory.resolve("state/rules.changes-0"));
            assertEquals(
                    500, api.post(LB, Bodies.with("\"port\":80", "\"port\":81")).statusCode());
            assertEquals(
                    500,
                    api.post(LB, Bodies.with("\"weight\":1", "\"weight\":9")).statusCode());
            assertEquals(500, api.delete(LB + "/all").statusCode());
            assertEquals(1, api.rules().size());
            assertEquals(1, api.forwarder().services().size());
            assertEquals(
                    1,
                    api.forwarder()
                            .services()
                            .getFirst()
                            .spec()
                            .endpoints()
                            .getLast()
                            .weight());
        }
    }

    @Test
    void takenPortIsOneSentenceBeforeAnythingIsTouched() throws IOException {
        FakeDataPlane dataPlane = new FakeDataPlane();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            RunOptions options = Api.options(directory, socket.getLocalPort());
            StartException e =
                    assertThrows(StartException.class, () -> Daemon.start(options, dataPlane, failure -> {}));
            assertTrue(e.getMessage().startsWith("--api=127.0.0.1:" + socket.getLocalPort()), e.getMessage());
            assertTrue(e.getMessage().contains("in use"), e.getMessage());
        }
        assertTrue(dataPlane.journal().isEmpty());
    }

    @Test
    void secondGatunOnTheSameDirectoriesIsRefused() {
        try (Api api = Api.start(directory)) {
            assertEquals(200, api.get("").statusCode());
            FakeDataPlane second = new FakeDataPlane();
            StartException e =
                    assertThrows(StartException.class, () -> Daemon.start(Api.options(directory, 0), second, f -> {}));
            assertTrue(e.getMessage().contains("--run-dir=" + directory.resolve("run")), e.getMessage());
            assertTrue(second.journal().isEmpty());
        }
        Api.start(directory).close();
    }

    @Test
    void stateDirThatCannotBeMade() throws IOException {
        Files.writeString(directory.resolve("state"), "a file");
        StartException e = assertThrows(
                StartException.class, () -> Daemon.start(Api.options(directory, 0), new FakeDataPlane(), f -> {}));
        assertTrue(e.getMessage().startsWith("--state-dir="), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }
}
