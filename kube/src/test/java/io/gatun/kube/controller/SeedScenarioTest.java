package io.gatun.kube.controller;

import static io.gatun.kube.KubeObjects.node;
import static io.gatun.kube.KubeObjects.service;
import static io.gatun.kube.controller.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.ControllerCommand;
import io.gatun.kube.testkit.GatunProcess;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.Lab;
import io.gatun.lab.Servers;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The controller as a process of its own, two Gatun nodes that elect by VRRP, two workers with a NodePort, and a client
 * on one flat network.
 */
@LabTest
class SeedScenarioTest {
    private static final String VIP = "192.168.80.200";
    private static final List<String> NODES = List.of("192.168.80.5", "192.168.80.6");
    private static final int NODE_PORT = 30080;
    private static final Duration START = Duration.ofSeconds(60);

    /** The promise is 400 ms; a machine that is busy with something else is no failure. */
    private static final long GAP_MAX_MS = 5_000;

    private static final int ANSWERS = 200;
    private static final int ATTEMPT_MS = 1000;

    @TempDir
    Path directory;

    private final TestCluster cluster = new TestCluster();
    private final List<GatunProcess> nodes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private Host client;
    private Process controller;

    @BeforeEach
    void build(Lab lab) throws IOException {
        client = lab.host("client", "192.168.80.10/24");
        for (int worker = 1; worker <= 2; worker++) {
            String address = "192.168.80.10" + worker;
            Servers.http(lab.host("w" + worker, address + "/24"), "w" + worker, NODE_PORT);
            cluster.put(node("w" + worker, address));
        }
        for (int i = 0; i < NODES.size(); i++) {
            nodes.add(GatunProcess.start(
                    lab.host("lb" + (i + 1), NODES.get(i) + "/24"),
                    directory.resolve("n" + i),
                    "--vrid=80",
                    "--peer=" + NODES.get(1 - i)));
        }
        controller = startController();
    }

    @AfterEach
    void end() throws Exception {
        stop(controller);
        for (GatunProcess each : nodes) {
            each.close();
        }
        http.shutdownNow();
        cluster.close();
    }

    @Test
    void aServiceIsServedAndStaysSoWhenTheMasterDiesWithOrWithoutTheController() throws Exception {
        cluster.put(service("web").build());
        await("its address", () -> cluster.address("web").equals(VIP));
        await("its rule on both", () -> nodes.stream().allMatch(this::hasRule));
        await("one master", () -> masters().size() == 1);
        await("an answer", this::answers);

        GatunProcess first = masters().getFirst();
        report("controller alive", gapMs(first::kill9));
        first.restart();
        await("its rule again", () -> hasRule(first));
        await("the other one is master", () -> masters().equals(others(first)));

        GatunProcess second = masters().getFirst();
        report("controller killed at the same moment", gapMs(() -> {
            controller.destroyForcibly();
            second.kill9();
        }));
        second.restart();
        stop(controller);
        controller = startController();
        cluster.client.services().inNamespace("default").withName("web").delete();
        await("the Service gone", () -> cluster.service("web") == null);
        assertTrue(nodes.stream().noneMatch(this::hasRule));
    }

    private static void report(String what, long gapMs) {
        System.out.println("seed scenario: " + what + ": " + gapMs + " ms without an answer");
        assertTrue(gapMs < GAP_MAX_MS, what + ": " + gapMs + " ms");
    }

    /** The longest time without an answer from this moment on, which is known to 10 ms. */
    private long gapMs(Runnable kill) throws Exception {
        return client.call(() -> {
            try (Attempts attempts = new Attempts(new InetSocketAddress(VIP, 80))) {
                Duration before = attempts.answered(ANSWERS, START);
                assertTrue(before.toMillis() < GAP_MAX_MS, () -> "before anything happens: " + before);
                // Not on this thread, which would ask for nothing until the processes are gone.
                Thread killer = Thread.ofPlatform().start(kill);
                Duration gap = attempts.answered(ANSWERS, START);
                killer.join();
                return gap.toMillis();
            }
        });
    }

    private boolean answers() {
        try {
            return client.call(SeedScenarioTest::answered);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static boolean answered() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(ATTEMPT_MS);
            socket.connect(new InetSocketAddress(VIP, 80), ATTEMPT_MS);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private List<GatunProcess> masters() {
        return nodes.stream()
                .filter(each -> get(each, "config/cistate/all").contains("\"state\":\"MASTER\""))
                .toList();
    }

    private List<GatunProcess> others(GatunProcess one) {
        return nodes.stream().filter(each -> each != one).toList();
    }

    private boolean hasRule(GatunProcess each) {
        String rules = get(each, "config/loadbalancer/all");
        return rules.contains("default_web:llb-inst0")
                && rules.contains("192.168.80.101")
                && rules.contains("192.168.80.102");
    }

    private String get(GatunProcess each, String path) {
        URI uri = each.uri().resolve("/netlox/v1/" + path);
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return ""; // it does not run
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Process startController() throws IOException {
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(kubeconfig, cluster.kubeconfig());
        List<String> command = JavaCommand.of(
                ControllerCommand.class,
                "--kubeconfig=" + kubeconfig,
                "--externalCIDR=" + VIP + "/32",
                "--setRoles=0.0.0.0",
                "--setLBMode=1",
                "--lease=false",
                "--listen=127.0.0.1:0",
                "--loxiURL=" + nodes.get(0).uri() + "," + nodes.get(1).uri());
        Path log = directory.resolve("controller.log");
        long lines = lines(log);
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        await("the controller", START, () -> !started.isAlive() || lines(log) > lines);
        assertTrue(started.isAlive(), () -> read(log));
        return started;
    }

    /** How many controllers have said that they have started. */
    private static long lines(Path log) {
        return read(log).lines().filter(line -> line.contains("started: ")).count();
    }

    private static String read(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Process process) throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }
}
