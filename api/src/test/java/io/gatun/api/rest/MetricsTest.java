package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.PrometheusParser;
import io.gatun.api.testkit.RuleBody;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET metrics} and its switch: contract section 5.6. */
class MetricsTest {
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
    void countersOfAgentsAreThereWithTheirNames() {
        List<String> samples = PrometheusParser.text(scrape().body());
        assertHas(samples, "gatun_received_packets_total agent=lo/0 5.0");
        assertHas(samples, "gatun_received_packets_total agent=lo/1 2.0");
        assertHas(samples, "gatun_drop_packets_total agent=lo/0 reason=no_flow 4.0");
        assertHas(samples, "gatun_duty_cycle_max_seconds agent=lo/0 2.5e-06");
        assertHas(samples, "gatun_sync_lag_seconds 0.012");
        assertHas(samples, "gatun_sync_unsynced_connections 7.0");
        assertHas(samples, "gatun_sync_records_total event=sent 3.0");
        assertHas(samples, "loxilb_active_conntrack_entries 6.0");
        assertHas(samples, "loxilb_conntrack_max_entries 1024.0");
        assertHas(samples, "gatun_interface_info engine=xdp interface=lo mode=native 1.0");
        assertHas(samples, "gatun_takeovers_total 0.0");
        assertHas(samples, "gatun_takeover_outage_seconds_bucket le=+Inf 0.0");
    }

    @Test
    void servicesAreThereByTheirNameAndTheirKey() {
        rule("192.168.80.200", 80, "web");
        rule("192.168.80.200", 443, "web");
        api.post("/config/loadbalancer", body("192.168.80.201", 53, "udp").json());

        List<String> samples = PrometheusParser.text(scrape().body());
        assertHas(samples, "loxilb_lb_rules 3.0");
        assertHas(samples, "loxilb_service_traffic_packets_total service=web 6.0");
        assertHas(samples, "loxilb_service_traffic_bytes_total service=udp 192.168.80.201:53 180.0");
        assertHas(samples, "loxilb_endpoint_traffic_bytes_total dip=192.168.80.11 service=web 360.0");
        assertHas(samples, "loxilb_active_flow_count_tcp 2.0");
        assertHas(samples, "loxilb_processed_udp_packets_total 3.0");
        assertHas(samples, "gatun_endpoint_active endpoint=192.168.80.11:8080 service=tcp 192.168.80.200:80 1.0");
        assertHas(samples, "gatun_nat_ports_used endpoint=192.168.80.11:8080 protocol=tcp source=192.168.80.200 2.0");
        assertHas(samples, "gatun_nat_ports_max source=192.168.80.200 64512.0");
    }

    @Test
    void totalsDoNotFallWhenAServiceGoes() {
        rule("192.168.80.200", 80, "web");
        assertHas(PrometheusParser.text(scrape().body()), "loxilb_processed_tcp_bytes_total 180.0");
        api.delete("/config/loadbalancer/name/web");
        List<String> samples = PrometheusParser.text(scrape().body());
        assertHas(samples, "loxilb_processed_tcp_bytes_total 180.0");
        assertTrue(samples.stream().noneMatch(sample -> sample.startsWith("loxilb_service_traffic")));
        rule("192.168.80.200", 80, "web");
        assertHas(PrometheusParser.text(scrape().body()), "loxilb_processed_tcp_bytes_total 360.0");
    }

    @Test
    void probesAreCountedByVerdict() {
        String body = body("192.168.80.200", 80, "tcp")
                .with("probetype", "\"tcp\"")
                .with("probeport", 8080)
                .json();
        assertEquals(200, api.post("/config/loadbalancer", body).statusCode());
        List<String> samples = PrometheusParser.text(scrape().body());
        assertHas(samples, "gatun_probe_up address=192.168.80.11 port=8080 request= type=tcp 1.0");
        assertHas(samples, "loxilb_healthy_endpoints 1.0");
        assertHas(samples, "loxilb_unhealthy_endpoints 0.0");
    }

    @Test
    void theFormatIsWhatTheScraperAccepts() {
        HttpResponse<String> text = scrape();
        assertEquals("text/plain; version=0.0.4; charset=utf-8", contentType(text));
        HttpResponse<String> open = api.send(api.request("/metrics")
                .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
                .GET());
        assertTrue(contentType(open).startsWith("application/openmetrics-text; version=1.0.0"), contentType(open));
        assertTrue(open.body().endsWith("# EOF\n"));
        assertEquals(
                PrometheusParser.names(PrometheusParser.text(text.body())),
                PrometheusParser.names(PrometheusParser.openMetrics(open.body())));
    }

    @Test
    void theSwitchIsObeyedAndKept() {
        assertEquals("{\"prometheus\":true}", api.get("/config/metrics").body());
        assertEquals("{\"result\":\"Success\"}", api.delete("/config/metrics").body());
        HttpResponse<String> off = scrape();
        assertEquals(503, off.statusCode());
        JsonNode error = Api.json(off);
        assertEquals(503, error.get("code").asInt());
        assertEquals(
                "metrics are off, turn them on by POST /netlox/v1/config/metrics",
                error.get("message").asText());

        api.close();
        api = Api.start(directory);
        assertEquals("{\"prometheus\":false}", api.get("/config/metrics").body());
        assertEquals(503, scrape().statusCode());
        assertEquals(
                "{\"result\":\"Success\"}",
                api.post("/config/metrics", "{\"prometheus\":true}").body());
        assertEquals(200, scrape().statusCode());
        api.post("/config/metrics", "{\"prometheus\":false}");
        assertEquals(503, scrape().statusCode());
        api.post("/config/metrics", "");
        assertEquals(200, scrape().statusCode());
        assertEquals(422, api.post("/config/metrics", "{\"prometheus\":\"x\"}").statusCode());
        assertEquals(200, scrape().statusCode());
    }

    @Test
    void aSwitchThatCannotBeSavedIsNotTurned() throws Exception {
        Files.createDirectory(directory.resolve("state").resolve("metrics.json.next"));
        HttpResponse<String> response = api.delete("/config/metrics");
        assertEquals(500, response.statusCode());
        assertTrue(response.body().contains("free the state directory"), response.body());
        assertEquals(200, scrape().statusCode());
    }

    private void rule(String vip, int port, String name) {
        String body = body(vip, port, "tcp").with("name", "\"" + name + "\"").json();
        assertEquals(200, api.post("/config/loadbalancer", body).statusCode());
    }

    private static RuleBody body(String vip, int port, String protocol) {
        return RuleBody.of(vip, protocol, port).with("mode", 1).endpoint("192.168.80.11", 8080);
    }

    private HttpResponse<String> scrape() {
        return api.get("/metrics");
    }

    private static String contentType(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElseThrow();
    }

    private static void assertHas(List<String> samples, String wanted) {
        assertTrue(samples.contains(wanted), () -> wanted + " is not in\n" + String.join("\n", samples));
    }
}
