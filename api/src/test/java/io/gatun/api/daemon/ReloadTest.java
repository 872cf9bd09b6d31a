package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.testkit.FakeGatun;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jnr.posix.POSIXFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose settings change: by SIGHUP and through the API, in JSON logs, over a restart. */
class ReloadTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SIGHUP = 1;

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private Path file;
    private int port;
    private Process process;
    private BufferedReader log;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(POSIXFactory.getPOSIX().geteuid() == 0, "gatun run needs root");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        file = directory.resolve("gatun.yaml");
        write("priority: 100");
        run();
    }

    @AfterEach
    void kill() {
        http.close();
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void whatCanChangeChangesAndTheRestIsNamed() throws Exception {
        write("priority: 150", "probe-interval: 5s", "conntrack-size: 2048", "log-level: debug");
        hangUp();
        JsonNode line = await("configuration read again");
        assertEquals("INFO", line.get("level").asText());
        assertEquals(
                "configuration read again: changed: log-level info -> debug, priority 100 -> 150,"
                        + " probe-interval 60s -> 5s; only a restart changes: conntrack-size 262144 -> 2048",
                line.get("message").asText());
        assertEquals(List.of("150", file + ":4", "true"), setting("priority"));
        assertEquals(List.of("262144", "default", "false"), setting("conntrack-size"));

        write("priority: 300", "prioritty: 3");
        hangUp();
        assertEquals(
                "configuration not read again, nothing has changed: " + file + ":5: unknown key 'prioritty', did you"
                        + " mean 'priority'?; " + file + ":4: --priority=300, give 1-254",
                await("configuration not read again").get("message").asText());
        assertEquals(List.of("150", file + ":4", "true"), setting("priority"));
        HttpResponse<String> refused = post("/config/reload", "");
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("did you mean 'priority'?"), refused.body());

        write();
        assertEquals(
                "{\"result\":\"Success\",\"changed\":[\"log-level debug -> info\",\"priority 150 -> 200\","
                        + "\"probe-interval 5s -> 60s\"],\"restart\":[]}",
                post("/config/reload", "").body());
    }

    @Test
    void whatTheApiChangesOutlivesTheProcessAndCanBeTakenBack() throws Exception {
        assertEquals(
                "{\"result\":\"Success\",\"changed\":[\"log-level info -> debug\",\"priority 100 -> 7\"],\"restart\":[]}",
                post("/config", "{\"priority\":7,\"log-level\":\"debug\"}").body());
        assertEquals(List.of("7", "API", "true"), setting("priority"));
        for (Map.Entry<String, String> bad : Map.of(
                        "{\"priority\":0}", "--priority=0, give 1-254",
                        "{\"priority\":9,\"vrrid\":1}", "unknown setting 'vrrid', give log-level, priority,",
                        "{\"prioriti\":9}", "unknown setting 'prioriti', did you mean 'priority'?",
                        "{\"api\":\"127.0.0.1:1\"}", "api cannot change while gatun runs, change it where it is set",
                        "{\"priority\":[9]}", "priority is no plain value, give one",
                        "{}", "no setting is given, send an object such as")
                .entrySet()) {
            HttpResponse<String> answer = post("/config", bad.getKey());
            assertEquals(400, answer.statusCode(), bad.getKey());
            assertTrue(
                    MAPPER.readTree(answer.body()).get("message").asText().startsWith(bad.getValue()), answer.body());
        }
        assertEquals(422, post("/config", "[1]").statusCode());
        assertEquals(List.of("7", "API", "true"), setting("priority"));

        process.destroyForcibly().waitFor();
        run();
        assertEquals(List.of("7", "API", "true"), setting("priority"));
        assertEquals(List.of("debug", "API", "true"), setting("log-level"));
        assertEquals(
                "{\"result\":\"Success\",\"changed\":[\"priority 7 -> 100\"],\"restart\":[]}",
                post("/config", "{\"priority\":null}").body());
        assertEquals(List.of("100", file + ":4", "true"), setting("priority"));

        process.destroyForcibly().waitFor();
        Path settings = directory.resolve("state/settings.json");
        Files.writeString(settings, "{\"settings\":{\"priority\":");
        run();
        assertTrue(Files.exists(directory.resolve("state/settings.json.damaged-1")));
        assertEquals(List.of("7", "API", "true"), setting("priority"), "the version before the damaged one");
    }

    private void write(String... lines) throws IOException {
        Files.writeString(file, "interface: lo\nvrid: 51\nlog-format: json\n" + String.join("\n", lines) + "\n");
    }

    private void run() throws IOException {
        process = new ProcessBuilder(
                        "env",
                        "--default-signal=HUP", // whoever runs the tests under nohup ignores it, and so would this one
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "--enable-native-access=ALL-UNNAMED",
                        FakeGatun.class.getName(),
                        "run",
                        "--config=" + file,
                        "--api=127.0.0.1:" + port,
                        "--run-dir=" + directory.resolve("run"),
                        "--state-dir=" + directory.resolve("state"))
                .redirectErrorStream(true)
                .start();
        log = process.inputReader();
        await("ready interface=lo");
    }

    private void hangUp() {
        assertEquals(0, POSIXFactory.getPOSIX().kill((int) process.pid(), SIGHUP));
    }

    /** The next line whose message begins so; every line is a JSON object. */
    private JsonNode await(String message) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            JsonNode json = MAPPER.readTree(line);
            if (json.get("message").asText().startsWith(message)) {
                return json;
            }
        }
        throw new AssertionError("the process has ended without: " + message);
    }

    /** Value, origin, and whether it can change while running. */
    private List<String> setting(String name) throws Exception {
        for (JsonNode row :
                MAPPER.readTree(send(request("/config").GET()).body()).get("settings")) {
            if (row.get("name").asText().equals(name)) {
                return List.of(
                        row.get("value").asText(),
                        row.get("origin").asText(),
                        row.get("live").asText());
            }
        }
        return List.of();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/gatun/v1" + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
