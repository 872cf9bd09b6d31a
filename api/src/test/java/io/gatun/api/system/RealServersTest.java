package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.PseudoRandomStream;
import io.gatun.lab.junit.LabTest;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** nginx and iperf3 at the endpoint, curl and iperf3 at the client, one-arm NAT between them. */
@LabTest
class RealServersTest {
    private static final int LENGTH = 5_000_000;
    private static final int IPERF = 5201;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static final Map<String, GatunNode> NODES = new HashMap<>();
    private static Host client;
    private static Host endpoint;
    private static String digest;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        client = lab.host("client", FlatLan.CLIENT + "/24");
        endpoint = lab.host("ep1", FlatLan.EP1 + "/24");
        nginx();
        for (String engine : Cell.ENGINES) {
            Host lb = lab.host("lb-" + engine, "192.168.80." + number(engine) + "/24");
            GatunNode node = GatunNode.start(lb, directory.resolve(engine), "--io=" + engine);
            NODES.put(engine, node);
            node.rule(vip(engine), "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
            // What the two iperf3 tell each other goes by TCP, also when they measure UDP.
            node.rule(vip(engine), "tcp", IPERF, GatunNode.ONE_ARM, IPERF, FlatLan.EP1);
            node.rule(vip(engine), "udp", IPERF, GatunNode.ONE_ARM, IPERF, FlatLan.EP1);
        }
        digest = Http.expectedDigest(LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void nginxServesAFile(String engine) {
        String sum = client.exec("sh", "-c", "curl -sS --max-time 20 " + url(engine) + "/file | sha256sum")
                .stdout();
        assertEquals(digest, sum.substring(0, 64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void nginxServesManyRequestsOfOneConnection(String engine) {
        String answers = client.exec(
                        "curl",
                        "-sS",
                        "--max-time",
                        "20",
                        "--write-out",
                        "%{http_code} %{num_connects}\\n",
                        url(engine) + "/name?[1-20]")
                .stdout();
        List<String> expected = new ArrayList<>(Collections.nCopies(20, "ep1 200 0"));
        expected.set(0, "ep1 200 1");
        assertEquals(expected, answers.lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void nginxServesEightConnectionsAtOnce(String engine) throws Exception {
        Path files = Files.createDirectory(directory.resolve("parallel-" + engine));
        String connections = client.exec(
                        "curl",
                        "-sS",
                        "--max-time",
                        "25",
                        "--parallel",
                        "--parallel-immediate",
                        "--parallel-max",
                        "8",
                        "--write-out",
                        "%{http_code} %{num_connects}\\n",
                        "--output",
                        files.resolve("#1").toString(),
                        url(engine) + "/file?[1-8]")
                .stdout();
        assertEquals(Collections.nCopies(8, "200 1"), connections.lines().toList());
        for (int i = 1; i <= 8; i++) {
            String sum = client.exec(
                            "sha256sum", files.resolve(Integer.toString(i)).toString())
                    .stdout();
            assertEquals(digest, sum.substring(0, 64), "connection " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void iperfUploads(String engine) throws Exception {
        assertArrived(iperf(engine));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void iperfDownloads(String engine) throws Exception {
        assertArrived(iperf(engine, "--reverse"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void iperfSendsDatagramsAndLosesNone(String engine) throws Exception {
        assertEveryDatagramArrived(iperf(engine, "--udp", "--bitrate", "2M"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void iperfReceivesDatagramsAndLosesNone(String engine) throws Exception {
        assertEveryDatagramArrived(iperf(engine, "--udp", "--bitrate", "2M", "--reverse"));
    }

    private static void assertArrived(JsonNode end) {
        assertTrue(end.at("/sum_received/bytes").asLong() > 0, end::toPrettyString);
    }

    private static void assertEveryDatagramArrived(JsonNode end) {
        assertArrived(end);
        JsonNode datagrams = end.path("streams").path(0).path("udp");
        assertTrue(datagrams.path("packets").asLong() > 0, end::toPrettyString);
        assertEquals(0, datagrams.path("lost_packets").asLong(-1), end::toPrettyString);
        assertEquals(0, datagrams.path("out_of_order").asLong(-1), end::toPrettyString);
    }

    /** One run of a second, for which the server lives. @return the end of the client's report */
    private static JsonNode iperf(String engine, String... options) throws Exception {
        // Between two runs a lasting server closes its socket: the next client might be refused.
        LabProcess server =
                endpoint.start("iperf3", "--server", "--one-off", "--port", Integer.toString(IPERF), "--forceflush");
        server.awaitLine("^Server listening", PATIENCE);
        List<String> command = new ArrayList<>(List.of(
                "iperf3",
                "--client",
                vip(engine),
                "--port",
                Integer.toString(IPERF),
                "--time",
                "1",
                "--connect-timeout",
                "5000",
                "--json"));
        command.addAll(Arrays.asList(options));
        ExecResult ended = client.tryExec(PATIENCE, command);
        assertEquals(0, ended.exitCode(), ended.stdout() + ended.stderr());
        JsonNode report = new ObjectMapper().readTree(ended.stdout());
        assertFalse(report.has("error"), ended.stdout());
        assertEquals(0, server.awaitExit(PATIENCE), () -> String.join("\n", server.tail(20)));
        return report.path("end");
    }

    private static void nginx() throws Exception {
        Path file = directory.resolve("file");
        try (InputStream stream = new PseudoRandomStream(LENGTH)) {
            Files.copy(stream, file);
        }
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, """
                user root;
                daemon off;
                worker_processes 2;
                error_log stderr notice;
                pid nginx.pid;
                events {
                    worker_connections 64;
                }
                http {
                    access_log off;
                    sendfile on;
                    server {
                        listen %d;
                        location = /name {
                            return 200 "ep1 ";
                        }
                        location = /file {
                            alias %s;
                        }
                    }
                }
                """.formatted(FlatLan.HTTP, file));
        LabProcess nginx =
                endpoint.start("nginx", "-p", directory.toString(), "-c", configuration.toString(), "-e", "stderr");
        // It listens before it starts them.
        nginx.awaitLine("start worker process \\d+", PATIENCE);
    }

    private static String url(String engine) {
        return "http://" + vip(engine);
    }

    private static String vip(String engine) {
        return "192.168.80.1" + number(engine) + "0";
    }

    private static int number(String engine) {
        return 5 + Cell.ENGINES.indexOf(engine);
    }
}
