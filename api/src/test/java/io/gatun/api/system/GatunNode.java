package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.cli.Gatun;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** A {@code gatun run} process in a host, asked over REST from inside that host. */
final class GatunNode {
    static final int DNAT = 0;
    static final int ONE_ARM = 1;
    static final int HOST_ONE_ARM = 5;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration COMMAND = Duration.ofSeconds(60);
    private static final String API = "127.0.0.1";
    private static final int API_PORT = 11111;

    private final Host host;
    private final List<String> command;
    private LabProcess process;

    private GatunNode(Host host, List<String> command) {
        this.host = host;
        this.command = command;
    }

    /** Starts it on {@code eth0} with run and state below {@code directory}; returns when it forwards. */
    static GatunNode start(Host host, Path directory, String... options) {
        return start(host, NodeCommand.of(host, runArguments(directory, options)));
    }

    /** As {@link #start(Host, Path, String...)}, but by this command line. */
    static GatunNode start(Host host, List<String> command) {
        GatunNode node = new GatunNode(host, command);
        node.restart();
        return node;
    }

    /** What stands behind {@code gatun}. */
    static String[] runArguments(Path directory, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--interface=eth0",
                "--api=" + API + ":" + API_PORT,
                "--run-dir=" + directory.resolve("run"),
                "--state-dir=" + directory.resolve("state")));
        arguments.addAll(Arrays.asList(options));
        return arguments.toArray(String[]::new);
    }

    /** Runs {@code gatun ARGUMENTS} in a host to its end. */
    static ExecResult gatun(Host host, String... arguments) {
        List<String> command = new ArrayList<>(JavaCommand.of(Gatun.class, arguments));
        command.add(1, "-XX:TieredStopAtLevel=1");
        return host.tryExec(COMMAND, command);
    }

    /** Starts it again with the same directories. */
    void restart() {
        process = host.start(ProcessSpec.of(command).named("gatun"));
        process.awaitLine("^ready ", START);
    }

    /** Until it has logged this. */
    void awaitLine(String text) {
        process.awaitLine(Pattern.quote(text), START);
    }

    /** The first line that it has logged or will, in which this regular expression is found. */
    String line(String regex) {
        return process.awaitLine(regex, START);
    }

    /** Whether it has said this since it was started. */
    boolean hasLogged(String text) {
        return process.tail(Integer.MAX_VALUE).stream().anyMatch(line -> line.contains(text));
    }

    String readyLine() {
        return process.awaitLine("^ready ", Duration.ZERO);
    }

    /** SIGTERM. @return the exit code */
    int terminate() {
        return process.terminate();
    }

    /** SIGKILL, and waits until the kernel has closed its sockets. */
    void kill9() {
        assertEquals(137, process.kill9());
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.alive();
    }

    /** The id of the XDP program on {@code eth0}, or 0. */
    int xdpProgram() throws Exception {
        return xdpProgram(host);
    }

    static int xdpProgram(Host host) throws Exception {
        JsonNode link = MAPPER.readTree(
                        host.exec("ip", "-j", "link", "show", "dev", "eth0").stdout())
                .get(0);
        return link.path("xdp").path("prog").path("id").asInt();
    }

    Http.Answer api(String method, String path, String body) throws Exception {
        return host.call(() -> Http.exchange(API, API_PORT, method, "/netlox/v1" + path, body));
    }

    /** GET of a path that is Gatun's own. */
    JsonNode own(String path) throws Exception {
        return MAPPER.readTree(host.call(() -> Http.exchange(API, API_PORT, "GET", "/gatun/v1" + path, ""))
                .body());
    }

    /** POSTs a rule for the VIP of {@link FlatLan} and demands success. */
    void rule(String protocol, int port, int mode, int targetPort, String... endpoints) throws Exception {
        rule(FlatLan.VIP, protocol, port, mode, targetPort, endpoints);
    }

    void rule(String vip, String protocol, int port, int mode, int targetPort, String... endpoints) throws Exception {
        success(api("POST", "/config/loadbalancer", ruleJson(vip, protocol, port, mode, targetPort, endpoints)));
    }

    void deleteRule(String vip, String protocol, int port) throws Exception {
        success(api(
                "DELETE",
                "/config/loadbalancer/externalipaddress/" + vip + "/port/" + port + "/protocol/" + protocol,
                ""));
    }

    void role(String state) throws Exception {
        success(api("POST", "/config/cistate", "{\"instance\":\"llb-inst0\",\"state\":\"" + state + "\"}"));
    }

    JsonNode rules() throws Exception {
        return MAPPER.readTree(api("GET", "/config/loadbalancer/all", "").body())
                .get("lbAttr");
    }

    /** Its role for the only instance that there is. */
    String state() throws Exception {
        return MAPPER.readTree(api("GET", "/config/cistate/all", "").body())
                .at("/Attr/0/state")
                .asText();
    }

    /** Until its role for the only instance that there is is this one. */
    void awaitState(String state) throws Exception {
        long startNs = System.nanoTime();
        String shown = state();
        while (!shown.equals(state)) {
            assertTrue(System.nanoTime() - startNs < START.toNanos(), "the state is " + shown + ", not " + state);
            LockSupport.parkNanos(POLL_NS);
            shown = state();
        }
    }

    JsonNode connections() throws Exception {
        return MAPPER.readTree(api("GET", "/config/conntrack/all", "").body()).get("ctAttr");
    }

    static String ruleJson(String vip, String protocol, Object port, int mode, Object targetPort, String... endpoints) {
        List<String> servers = new ArrayList<>();
        for (String endpoint : endpoints) {
            servers.add("{\"endpointIP\":\"" + endpoint + "\",\"targetPort\":" + targetPort + ",\"weight\":1}");
        }
        return "{\"serviceArguments\":{\"externalIP\":\"" + vip + "\",\"port\":" + port + ",\"protocol\":\"" + protocol
                + "\",\"mode\":" + mode + "},\"endpoints\":[" + String.join(",", servers) + "]}";
    }

    private static void success(Http.Answer answer) {
        assertEquals(200, answer.status(), answer.body());
        assertEquals("{\"result\":\"Success\"}", answer.body());
    }
}
