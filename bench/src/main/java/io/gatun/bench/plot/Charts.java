package io.gatun.bench.plot;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Figure;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** The plots of a case, as PNG. */
final class Charts {
    static final int WIDTH = 760;

    private static final int LADDER_HEIGHT = 420;
    private static final int ROW_HEIGHT = 34;
    private static final int FRAME_HEIGHT = 90;
    private static final double MICRO = 1e-3;
    private static final double PERCENT = 100;
    private static final double LAST_PERCENTILE = 99.9999;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Color GRID = new Color(0xDDDDDD);
    private static final Color[] COLOURS = {
        new Color(0x0B6E99), new Color(0xC2410C), new Color(0x4D7C0F), new Color(0x7E22CE), new Color(0x555555)
    };

    private static final String AT = "at ";
    private static final String OFFERED = ", offered";
    private static final String RECEIVED = ", received";

    private Charts() {}

    /** A figure of all subjects that have it, one below the other. */
    static byte[] rows(String title, String unit, List<Row> rows) {
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        String[] names = new String[rows.size()];
        for (int i = 0; i < names.length; i++) {
            Row row = rows.get(i);
            names[i] = row.name();
            YIntervalSeries series = new YIntervalSeries(row.name());
            series.add(
                    i, row.spread().median(), row.spread().min(), row.spread().max());
            data.addSeries(series);
        }
        SymbolAxis subjects = new SymbolAxis("", names);
        subjects.setRange(-0.6, names.length - 0.4);
        subjects.setInverted(true);
        subjects.setGridBandsVisible(false);
        XYPlot plot = plot(data, subjects, new NumberAxis(unit), false);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        return png(title, plot, false, FRAME_HEIGHT + ROW_HEIGHT * rows.size());
    }

    /** @param spread drawn as a point and a bar */
    record Row(String name, Spread spread) {}

    /** What came back of what was offered, if the case has a ladder. */
    static Optional<byte[]> ladder(CaseResult result) {
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        for (Subject subject : result.subjects()) {
            YIntervalSeries series = new YIntervalSeries(subject.name());
            for (Figure figure : result.figures()) {
                if (figure.subject().equals(subject.name())
                        && figure.name().startsWith(AT)
                        && figure.name().endsWith(OFFERED)) {
                    String step = figure.name().substring(0, figure.name().length() - OFFERED.length());
                    Spread received = result.figure(subject.name(), step + RECEIVED);
                    series.add(
                            figure.spread().median() / 1e3,
                            received.median() / 1e3,
                            received.min() / 1e3,
                            received.max() / 1e3);
                }
            }
            if (!series.isEmpty()) {
                data.addSeries(series);
            }
        }
        if (data.getSeriesCount() == 0) {
            return Optional.empty();
        }
        XYPlot plot = plot(data, new NumberAxis("offered, kpps"), new NumberAxis("received, kpps"), true);
        return Optional.of(png(result.name() + ": received over offered", plot, true, LADDER_HEIGHT));
    }

    /** Delays by percentile, if the case has them among its details. */
    static Optional<byte[]> delays(CaseResult result) {
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        result.details().forEach((key, value) -> {
            if (key.startsWith("delays of ") && value instanceof Map<?, ?> curve) {
                data.addSeries(delays(key.substring("delays of ".length(), key.indexOf(',')), curve));
            }
        });
        if (data.getSeriesCount() == 0) {
            return Optional.empty();
        }
        LogAxis rarity = new LogAxis("one of so many frames comes later");
        rarity.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
        LogAxis delay = new LogAxis("delay, us");
        delay.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
        XYPlot plot = plot(data, rarity, delay, true);
        return Optional.of(png(result.name() + ": delays, medians of the rounds", plot, true, LADDER_HEIGHT));
    }

    private static YIntervalSeries delays(String subject, Map<?, ?> curve) {
        YIntervalSeries series = new YIntervalSeries(subject);
        curve.forEach((percentile, ns) -> {
            double share = Math.min(LAST_PERCENTILE, Double.parseDouble(String.valueOf(percentile)));
            double micros = Double.parseDouble(String.valueOf(ns)) * MICRO;
            series.add(PERCENT / (PERCENT - share), micros, micros, micros);
        });
        return series;
    }

    private static XYPlot plot(YIntervalSeriesCollection data, ValueAxis x, ValueAxis y, boolean lines) {
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        List<Color> colours = new ArrayList<>(List.of(COLOURS));
        for (int i = 0; i < data.getSeriesCount(); i++) {
            renderer.setSeriesPaint(i, colours.get(i % colours.size()));
            renderer.setSeriesStroke(i, new BasicStroke(2));
            renderer.setSeriesLinesVisible(i, lines);
        }
        if (y instanceof NumberAxis numbers) {
            numbers.setAutoRangeIncludesZero(true);
        }
        for (ValueAxis axis : List.of(x, y)) {
            axis.setTickLabelFont(FONT);
            axis.setLabelFont(FONT);
        }
        XYPlot plot = new XYPlot(data, x, y, renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(GRID);
        plot.setDomainGridlinePaint(GRID);
        return plot;
    }

    private static byte[] png(String title, XYPlot plot, boolean legend, int height) {
        JFreeChart chart = new JFreeChart(title, FONT.deriveFont(Font.BOLD), plot, legend);
        chart.setBackgroundPaint(Color.WHITE);
        try {
            return ChartUtils.encodeAsPNG(chart.createBufferedImage(WIDTH, height));
        } catch (IOException e) {
            throw new UncheckedIOException("a plot cannot be encoded", e);
        }
    }
}
