package io.gatun.api.metrics;

import io.gatun.api.model.Version;
import io.gatun.api.roles.Roles;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.incident.Incidents;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;

/** Writes all metrics, in the format that a scraper accepts. */
public final class Metrics {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final ForwarderMetrics forwarder;
    private final ServiceMetrics services;
    private final HaMetrics ha;
    private final Version version = Version.current();
    private final ExpositionFormatWriter openMetrics =
            OpenMetricsTextFormatWriter.builder().build();
    private final ExpositionFormatWriter text =
            PrometheusTextFormatWriter.builder().build();

    /** @param rules how many there are */
    public Metrics(
            Forwarder forwarder,
            HealthMonitor monitor,
            IntSupplier rules,
            Roles roles,
            Incidents incidents,
            HaFigures figures) {
        this.forwarder = new ForwarderMetrics(forwarder);
        this.services = new ServiceMetrics(forwarder, monitor, rules);
        this.ha = new HaMetrics(figures, roles, incidents);
    }

    /**
     * All that is known now.
     *
     * @param accept header of the request: OpenMetrics where it is named, else the text format 0.0.4; null for none
     */
    public synchronized Scrape scrape(String accept) throws IOException {
        Families families = new Families();
        families.info(
                "gatun_build",
                "Version",
                List.of(Labels.of("version", version.version(), "build", version.buildInfo())));
        forwarder.addTo(families);
        services.addTo(families);
        ha.addTo(families);
        ExpositionFormatWriter writer = accept != null && accept.contains(OPEN_METRICS) ? openMetrics : text;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        writer.write(body, families.snapshots());
        return new Scrape(writer.getContentType(), body.toString(StandardCharsets.UTF_8));
    }
}
