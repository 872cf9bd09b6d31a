package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatun.api.testkit.PrometheusParser;
import io.gatun.api.testkit.RuleBody;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a real node, and changed while it runs. */
@LabTest
class ObservabilityTest {
    private static final String METRICS = "http://127.0.0.1:11111/netlox/v1/metrics";
    private static final Path DASHBOARD = Path.of("").toAbsolutePath().resolveSibling("deploy/grafana/gatun.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:gatun|loxilb)_[a-z0-9_]+");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void aNodeIsScrapedTunedAndDrawn(Lab lab) throws Exception {
        Host host = lab.host("lb", FlatLan.LB + "/24");
        GatunNode node = GatunNode.start(host, directory, "--peer=192.168.80.6", "--bfd=100ms");
        String rule = RuleBody.of(FlatLan.VIP, "tcp", 80)
                .with("mode", GatunNode.ONE_ARM)
                .with("probetype", "\"ping\"")
                .endpoint(FlatLan.EP1, 8080)
                .json();
        assertEquals(200, node.api("POST", "/config/loadbalancer", rule).status());

        List<String> samples = PrometheusParser.text(scrape(host, "text/plain"));
        Set<String> names = PrometheusParser.names(samples);
        assertEquals(
                names,
                PrometheusParser.names(
                        PrometheusParser.openMetrics(scrape(host, "application/openmetrics-text; version=1.0.0"))));
        for (DropReason reason : DropReason.values()) {
            String sample = "gatun_drop_packets_total agent=eth0/0 reason=" + reason.label() + " ";
            assertTrue(samples.stream().anyMatch(line -> line.startsWith(sample)), sample);
        }
        theDashboardDrawsOnlyWhatThereIs(names);
        jmxTunesIt(host, node);
        assertEquals(0, node.terminate());
    }

    private static String scrape(Host host, String accept) {
        return host.exec("curl", "-sSf", "-H", "Accept: " + accept, METRICS).stdout();
    }

    private static void theDashboardDrawsOnlyWhatThereIs(Set<String> names) throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        List<String> expressions = new ArrayList<>();
        dashboard.findValuesAsText("expr", expressions);
        dashboard.findValues("query").stream()
                .filter(JsonNode::isTextual)
                .forEach(query -> expressions.add(query.asText()));
        assertFalse(expressions.isEmpty());
        Set<String> unknown = new TreeSet<>();
        for (String expression : expressions) {
            Matcher metric = METRIC.matcher(expression);
            boolean any = false;
            while (metric.find()) {
                any = true;
                if (!names.contains(metric.group())) {
                    unknown.add(metric.group());
                }
            }
            assertTrue(any || expression.equals("prometheus"), expression);
        }
        assertEquals(Set.of(), unknown);
    }

    private static void jmxTunesIt(Host host, GatunNode node) {
        ExecResult client = host.tryExec(PATIENCE, JavaCommand.of(JmxClient.class, Long.toString(node.pid())));
        assertEquals(
                List.of(
                        "idle poll",
                        "refused batchSize=0, give 1-64",
                        "spins",
                        "reset: batchSize is 64 again, idle is poll again, announcementPeriodMs is 30000 again",
                        "idle poll"),
                client.stdout().lines().toList(),
                client.stderr());
        node.awaitLine("tuned: idle poll -> spin");
        node.awaitLine("reset: batchSize is 64 again");
    }
}
