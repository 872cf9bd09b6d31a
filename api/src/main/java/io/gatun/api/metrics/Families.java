package io.gatun.api.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics of one scrape in the making. Values of one name and the same labels are added up. */
final class Families {
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final List<MetricSnapshot> others = new ArrayList<>();

    /** A name with its values by their labels. */
    private record Family(boolean counter, String help, Map<Labels, Double> values) {
        private MetricSnapshot snapshot(String name) {
            if (counter) {
                CounterSnapshot.Builder builder =
                        CounterSnapshot.builder().name(name).help(help);
                values.forEach((labels, value) -> builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value)
                        .build()));
                return builder.build();
            }
            GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
            values.forEach((labels, value) -> builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value)
                    .build()));
            return builder.build();
        }
    }

    /**
     * A count since some start.
     *
     * @param name without {@code _total}, which is added
     * @param labels names and values by turns
     */
    void counter(String name, String help, long value, String... labels) {
        add(true, name, help, (double) value, labels);
    }

    /** A value that goes up and down. */
    void gauge(String name, String help, double value, String... labels) {
        add(false, name, help, value, labels);
    }

    /** A whole value that goes up and down. */
    void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    /** A value of which the largest counts where there are several. */
    void largest(String name, String help, double value, String... labels) {
        values(false, name, help).merge(Labels.of(labels), value, Double::max);
    }

    /**
     * A 1 whose labels tell something.
     *
     * @param name without {@code _info}, which is added
     */
    void info(String name, String help, List<Labels> all) {
        InfoSnapshot.Builder builder = InfoSnapshot.builder().name(name).help(help);
        all.forEach(labels -> builder.dataPoint(
                InfoSnapshot.InfoDataPointSnapshot.builder().labels(labels).build()));
        others.add(builder.build());
    }

    /** Something of another kind. */
    void add(MetricSnapshot snapshot) {
        others.add(snapshot);
    }

    MetricSnapshots snapshots() {
        List<MetricSnapshot> all = new ArrayList<>(others);
        families.forEach((name, family) -> all.add(family.snapshot(name)));
        return new MetricSnapshots(all);
    }

    private void add(boolean counter, String name, String help, double value, String... labels) {
        values(counter, name, help).merge(Labels.of(labels), value, Double::sum);
    }

    private Map<Labels, Double> values(boolean counter, String name, String help) {
        return families.computeIfAbsent(name, unknown -> new Family(counter, help, new LinkedHashMap<>())).values;
    }
}
