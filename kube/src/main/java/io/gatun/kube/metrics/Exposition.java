package io.gatun.kube.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text that is scraped. */
public final class Exposition {
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private Exposition() {}

    /** All of them, those of one name together. */
    public static String text(List<Measure> measures) {
        Map<String, List<Measure>> families = new LinkedHashMap<>();
        measures.forEach(measure -> families.computeIfAbsent(measure.name(), ignored -> new ArrayList<>())
                .add(measure));
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        families.values().forEach(family -> snapshots.metricSnapshot(snapshot(family)));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.builder().build().write(text, snapshots.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static MetricSnapshot snapshot(List<Measure> family) {
        Measure first = family.getFirst();
        if (first.counter()) {
            CounterSnapshot.Builder builder =
                    CounterSnapshot.builder().name(first.name()).help(first.help());
            family.forEach(measure -> builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels(measure))
                    .value(measure.value())
                    .build()));
            return builder.build();
        }
        GaugeSnapshot.Builder builder =
                GaugeSnapshot.builder().name(first.name()).help(first.help());
        family.forEach(measure -> builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels(measure))
                .value(measure.value())
                .build()));
        return builder.build();
    }

    private static Labels labels(Measure measure) {
        return Labels.of(measure.labels().toArray(String[]::new));
    }
}
