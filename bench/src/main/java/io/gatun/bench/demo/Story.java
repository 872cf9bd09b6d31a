package io.gatun.bench.demo;

import io.gatun.bench.demo.Client.Download;
import io.gatun.bench.demo.Client.Load;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** What the demo does, in order; each step prints what it saw and whether it was right. */
final class Story {
    private static final int HTTP_REQUESTS = 12;
    private static final int DATAGRAMS = 6;
    private static final int LOAD_REQUESTS = 2_000;
    private static final int LOAD_PARALLEL = 8;
    private static final int ROWS_SHOWN = 9;
    private static final int HANDOVER_REQUESTS = 6;
    private static final int STREAM_BEFORE = 100;
    private static final int STREAM_AFTER = 100;
    private static final long PATIENCE_MS = 30_000;
    private static final long HANDOVER_MAX_NS = TimeUnit.SECONDS.toNanos(5);
    private static final String SUCCESS = "{\"result\":\"Success\"}";

    private final Stage stage;
    private final Client client;
    private final Checks checks;
    private final Path program;

    Story(Stage stage, Checks checks, Path program) {
        this.stage = stage;
        this.client = stage.client();
        this.checks = checks;
        this.program = program;
    }

    void tell() throws Exception {
        Path file = start();
        createServices();
        http();
        udp();
        connections();
        download(file);
        load();
        counters();
        handOver();
        takeOver(file);
    }

    private Path start() throws Exception {
        checks.heading("1. Two load balancers, three endpoints and a client on one network");
        for (GatunNode node : stage.nodes()) {
            String command = node.start();
            checks.command(node.name() + ": " + command);
        }
        Path file = stage.writeFile();
        for (Endpoint endpoint : stage.endpoints()) {
            endpoint.start(file);
        }
        for (Endpoint endpoint : stage.endpoints()) {
            endpoint.awaitListening();
            checks.show(endpoint.name() + " " + endpoint.address() + ": nginx on port " + Endpoint.HTTP_PORT
                    + ", UDP echo on port " + Endpoint.UDP_PORT);
        }
        for (GatunNode node : stage.nodes()) {
            String ready = node.awaitReady();
            checks.that(ready.contains("api=" + node.address()), node.name() + " forwards", ready, ready);
        }
        return file;
    }

    private void createServices() {
        checks.heading("2. Roles and services, on both nodes");
        role(stage.node(1), "MASTER");
        role(stage.node(2), "BACKUP");
        String endpoints = stage.endpoints().stream()
                .map(endpoint -> endpoint.address() + ":1")
                .collect(Collectors.joining(","));
        for (GatunNode node : stage.nodes()) {
            String answer = command(
                    "create",
                    "lb",
                    Stage.VIP,
                    "--tcp=80:" + Endpoint.HTTP_PORT,
                    "--udp=" + Endpoint.UDP_PORT + ":" + Endpoint.UDP_PORT,
                    "--endpoints=" + endpoints,
                    "--mode=onearm",
                    "--name=web",
                    "-s",
                    node.address());
            checks.that(answer.contains("Success"), node.name() + " takes the services", "Success", answer);
        }
        show("get", "lb", "-o", "wide", "-s", stage.node(1).address());
    }

    private void http() throws Exception {
        checks.heading("3. HTTP through the VIP");
        checks.command("curl -H 'Connection: close' http://" + Stage.VIP + "/[1-" + HTTP_REQUESTS + "]");
        checks.equal(
                HTTP_REQUESTS + " new connections go round",
                String.join(" ", stage.inTurn(HTTP_REQUESTS)),
                String.join(" ", client.get(HTTP_REQUESTS)));
        owner(stage.node(1));
        checks.that(client.ping(Stage.VIP), "ping " + Stage.VIP, "an answer from the VIP", "silence");
        checks.that(
                client.ping(stage.node(1).address()),
                "ping " + stage.node(1).address(),
                "an answer from the node's own stack, as before",
                "silence");
    }

    private void udp() throws Exception {
        checks.heading("4. UDP through the VIP");
        checks.equal(
                DATAGRAMS + " datagrams from new ports go round and come back",
                String.join(" ", stage.inTurn(DATAGRAMS)),
                String.join(" ", client.datagrams(DATAGRAMS, Endpoint.UDP_PORT)));
    }

    private void connections() {
        checks.heading("5. The connection table of " + stage.node(1).name());
        List<String> rows =
                command("get", "ct", "-s", stage.node(1).address()).lines().toList();
        rows.stream().limit(ROWS_SHOWN).forEach(checks::show);
        if (rows.size() > ROWS_SHOWN) {
            checks.show("... and " + (rows.size() - ROWS_SHOWN) + " more rows; each connection has two");
        }
        long established = rows.stream().filter(row -> row.contains("udp-est")).count();
        checks.equal("rows of UDP flows that were answered", 2L * DATAGRAMS, established);
    }

    private void download(Path file) throws Exception {
        checks.heading("6. A download of " + Stage.FILE_BYTES / (1 << 20) + " MiB through the VIP");
        Download download = client.download(stage.path("downloaded"));
        checks.equal("bytes", (long) Stage.FILE_BYTES, download.bytes());
        checks.equal("SHA-256", Client.sha256(file), download.sha256());
        checks.show(String.format(Locale.ROOT, "rate: %.0f Mbit/s", download.bytesPerSecond() * 8 / 1e6));
        checks.equal(
                "connections opened so far",
                (long) HTTP_REQUESTS + DATAGRAMS + 1,
                stage.node(1).counter("flows_opened"));
    }

    private void load() {
        checks.heading("7. " + LOAD_REQUESTS + " requests, a connection each, " + LOAD_PARALLEL + " at a time");
        Load load = client.load(LOAD_REQUESTS, LOAD_PARALLEL);
        checks.equal("answered 200", LOAD_REQUESTS, load.answered());
        checks.show(String.format(Locale.ROOT, "rate: %.0f requests/s", load.perSecond()));
    }

    private void counters() {
        checks.heading("8. Counters");
        Map<String, long[]> table = new TreeMap<>();
        for (int i = 0; i < stage.nodes().size(); i++) {
            int column = i;
            stage.nodes().get(i).counters().forEach((label, value) -> {
                if (value != 0) {
                    table.computeIfAbsent(label, unknown -> new long[2])[column] = value;
                }
            });
        }
        checks.show(String.format(Locale.ROOT, "%-28s %12s %12s", "", "lb1", "lb2"));
        table.forEach((label, values) ->
                checks.show(String.format(Locale.ROOT, "%-28s %12d %12d", label, values[0], values[1])));
        // Not exact: a client's kernel may use a port again within seconds, and the flow that ended is opened anew.
        long opened = stage.node(1).counter("flows_opened");
        checks.measured(
                opened > LOAD_REQUESTS / 2, "connections opened by lb1", "more than " + LOAD_REQUESTS / 2, "" + opened);
        checks.equal(
                "connections opened by lb2, which stands by", 0L, stage.node(2).counter("flows_opened"));
    }

    private void handOver() {
        checks.heading("9. A planned handover: lb1 steps down, lb2 takes the VIP");
        long before = stage.node(1).counter("flows_opened");
        long startNs = System.nanoTime();
        role(stage.node(1), "BACKUP");
        role(stage.node(2), "MASTER");
        long tookNs = awaitOwner(stage.node(2), startNs);
        checks.measured(
                tookNs < HANDOVER_MAX_NS,
                "the client's neighbour table has lb2's MAC after",
                "less than " + TimeUnit.NANOSECONDS.toSeconds(HANDOVER_MAX_NS) + " s",
                TimeUnit.NANOSECONDS.toMillis(tookNs) + " ms");
        owner(stage.node(2));
        checks.equal(
                HANDOVER_REQUESTS + " new connections go round",
                String.join(" ", stage.inTurn(HANDOVER_REQUESTS)),
                String.join(" ", client.get(HANDOVER_REQUESTS)));
        checks.equal(
                "of them opened by lb2", (long) HANDOVER_REQUESTS, stage.node(2).counter("flows_opened"));
        checks.equal("of them opened by lb1", 0L, stage.node(1).counter("flows_opened") - before);
        show("get", "hastate", "-s", stage.node(2).address());
    }

    private void takeOver(Path file) throws Exception {
        checks.heading(
                "10. lb2 is killed (kill -9) during a download and a stream of requests; lb1 finds out by itself");
        FutureTask<Download> download = client.startDownload(stage.path("downloaded"));
        try (Requests requests = client.requests()) {
            requests.await(STREAM_BEFORE, PATIENCE_MS);
            checks.that(!download.isDone(), "the download", "is under way", "is over already");
            stage.node(2).kill();
            requests.await(STREAM_AFTER, PATIENCE_MS);
            checks.measured(
                    requests.gapNs() < HANDOVER_MAX_NS,
                    "longest time without an answer, of " + requests.answered(),
                    "less than " + TimeUnit.NANOSECONDS.toSeconds(HANDOVER_MAX_NS) + " s",
                    TimeUnit.NANOSECONDS.toMillis(requests.gapNs()) + " ms");
        }
        owner(stage.node(1));
        checks.equal(
                "bytes of the download", (long) Stage.FILE_BYTES, download.get().bytes());
        checks.equal(
                "SHA-256 of the download", Client.sha256(file), download.get().sha256());
        checks.command(stage.node(2).name() + ": " + stage.node(2).start());
        stage.node(2).awaitReady();
        long tookNs = awaitOwner(stage.node(2), System.nanoTime());
        checks.measured(
                tookNs < HANDOVER_MAX_NS,
                "lb2 is back, and the one that the controller prefers: it has the VIP again after",
                "less than " + TimeUnit.NANOSECONDS.toSeconds(HANDOVER_MAX_NS) + " s",
                TimeUnit.NANOSECONDS.toMillis(tookNs) + " ms");
    }

    /** Stops both nodes as a service manager does. */
    void stop() {
        checks.heading("11. SIGTERM");
        for (GatunNode node : stage.nodes()) {
            checks.equal(node.name() + " ends with exit code", 0, node.stop());
            checks.that(!node.isAttached(), node.name() + " leaves on its interface", "no XDP program", "one");
        }
    }

    private void owner(GatunNode expected) {
        checks.equal(
                "owner of " + Stage.VIP + " in the client's neighbour table",
                expected.mac() + " (" + expected.name() + ")",
                nodeOf(client.macOf(Stage.VIP)));
    }

    private String nodeOf(String mac) {
        for (GatunNode node : stage.nodes()) {
            if (node.mac().equals(mac)) {
                return mac + " (" + node.name() + ")";
            }
        }
        return mac;
    }

    private long awaitOwner(GatunNode node, long startNs) {
        while (true) {
            boolean there = client.macOf(Stage.VIP).equals(node.mac());
            long tookNs = System.nanoTime() - startNs;
            if (there || tookNs >= HANDOVER_MAX_NS) {
                return tookNs;
            }
            // The neighbour table of another namespace, asked through ip(8), gives no event.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private void role(GatunNode node, String state) {
        String body = "{\"instance\":\"llb-inst0\",\"state\":\"" + state + "\",\"vip\":\"0.0.0.0\"}";
        String url = "http://" + node.address() + ":11111/netlox/v1/config/cistate";
        checks.command("curl -H 'Content-Type: application/json' -d '" + body + "' " + url);
        String answer =
                client.run("curl", "-sS", "--max-time", "5", "-H", "Content-Type: application/json", "-d", body, url);
        checks.that(answer.equals(SUCCESS), node.name() + " is told to be " + state, SUCCESS, answer);
    }

    private void show(String... arguments) {
        checks.show(command(arguments));
    }

    private String command(String... arguments) {
        checks.command("gatun " + String.join(" ", arguments));
        String[] all = new String[arguments.length + 1];
        all[0] = program.toString();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return client.run(all);
    }
}
