package io.gatun.bench.plot;

import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Environment;
import io.gatun.bench.report.Figure;
import io.gatun.bench.report.Results;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as one HTML page, ratios first. */
public final class Page {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Gatun: figures</title>
            <style>
            body { font: 15px/1.5 sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222 }
            table { border-collapse: collapse; margin: 1em 0; font-size: 14px }
            th, td { border-bottom: 1px solid #ddd; padding: 3px 12px 3px 0; text-align: left; vertical-align: top }
            td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
            img { max-width: 100%; height: auto; border: 1px solid #eee }
            h2 { border-top: 2px solid #0b6e99; padding-top: .5em; margin-top: 2em }
            .note { color: #555 }
            </style>
            </head>
            <body>
            <h1>Gatun: figures</h1>
            <p>Each figure is the median of its rounds with the least and the most (in brackets). Ratios are of two figures of
            the same round; they say more than absolute figures, which belong to this machine. docs/performance.md tells how each
            was measured, and what it must not be compared with.</p>
            """;

    /** Below this three decimals are shown. */
    private static final double SMALL = 100;

    private final Results results;
    private final StringBuilder html = new StringBuilder(HEAD);

    private Page(Results results) {
        this.results = results;
    }

    /** The page, with all plots in it. */
    public static String html(Results results) {
        return new Page(results).build();
    }

    private String build() {
        environment(results.environment());
        allRatios();
        results.cases().forEach(this::section);
        return html.append("</body>\n</html>\n").toString();
    }

    private void environment(Environment environment) {
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("taken", environment.takenAt());
        rows.put("commit", environment.commit());
        rows.put("kernel", environment.kernel());
        rows.put("CPU", environment.cpus() + " x " + environment.cpu());
        rows.put("memory", environment.memoryMb() + " MB");
        rows.put("JDK", environment.jdk());
        rows.put("load before the first case", environment.load());
        rows.put("offloads of a new veth", String.join(", ", environment.offloads()));
        html.append("<table>\n");
        rows.forEach((name, value) -> row("<th>" + escaped(name) + "</th>", "<td>" + escaped(value) + "</td>"));
        html.append("</table>\n");
    }

    private void allRatios() {
        List<Charts.Row> rows = new ArrayList<>();
        for (CaseResult result : results.cases()) {
            for (Figure figure : result.figures()) {
                if (isRatio(result, figure)) {
                    rows.add(new Charts.Row(
                            result.name() + ": " + figure.subject() + ", " + figure.name(), figure.spread()));
                }
            }
        }
        if (!rows.isEmpty()) {
            html.append("<h2>All ratios</h2>\n");
            image(Charts.rows("ours / the other's, of the same round", "times", rows), "all ratios");
        }
    }

    private void section(CaseResult result) {
        html.append("<h2>").append(escaped(result.name())).append("</h2>\n<p class=\"note\">scripts/bench ");
        html.append(escaped(String.join(" ", result.arguments()))).append("; ").append(escaped(result.plan()));
        html.append("</p>\n<ul>\n");
        for (Subject subject : result.subjects()) {
            if (!subject.setup().isEmpty()) {
                html.append("<li><b>").append(escaped(subject.name())).append("</b>: ");
                html.append(escaped(subject.setup())).append("</li>\n");
            }
        }
        html.append("</ul>\n");
        Charts.ladder(result).ifPresent(png -> image(png, result.name() + ", received over offered"));
        Charts.delays(result).ifPresent(png -> image(png, result.name() + ", delays"));
        mainFigure(result);
        figures(result);
        details(result);
    }

    /** The first figure of the first subject, beside the others'. */
    private void mainFigure(CaseResult result) {
        Figure main = result.figures().getFirst();
        List<Charts.Row> rows = result.figures().stream()
                .filter(each -> each.name().equals(main.name()) && !isRatio(result, each))
                .map(each -> new Charts.Row(each.subject(), each.spread()))
                .toList();
        image(Charts.rows(result.name() + ": " + main.name(), main.unit(), rows), result.name() + ", " + main.name());
    }

    private void figures(CaseResult result) {
        html.append("<table>\n");
        row("<th>of</th>", "<th>figure</th>", "<th>median (least-most)</th>", "<th>unit</th>", "<th>rounds</th>");
        List<Figure> ratiosFirst = new ArrayList<>();
        result.figures().stream().filter(each -> isRatio(result, each)).forEach(ratiosFirst::add);
        result.figures().stream().filter(each -> !isRatio(result, each)).forEach(ratiosFirst::add);
        for (Figure figure : ratiosFirst) {
            row(
                    "<td>" + escaped(figure.subject()) + "</td>",
                    "<td>" + escaped(figure.name()) + "</td>",
                    "<td class=\"n\">" + escaped(text(figure.spread())) + "</td>",
                    "<td>" + escaped(figure.unit().equals("1") ? "" : figure.unit()) + "</td>",
                    "<td class=\"n\">" + figure.spread().samples() + "</td>");
        }
        html.append("</table>\n");
    }

    private void details(CaseResult result) {
        if (result.details().isEmpty()) {
            return;
        }
        html.append("<ul class=\"note\">\n");
        result.details()
                .forEach((key, value) -> html.append("<li>")
                        .append(escaped(key))
                        .append(": ")
                        .append(escaped(value))
                        .append("</li>\n"));
        html.append("</ul>\n");
    }

    private static boolean isRatio(CaseResult result, Figure figure) {
        return result.subjects().stream()
                .anyMatch(each -> each.name().equals(figure.subject()) && each.kind() == Subject.Kind.RATIO);
    }

    private static String text(Spread spread) {
        String format = Math.abs(spread.median()) < SMALL ? "%,.3f (%,.3f-%,.3f)" : "%,.0f (%,.0f-%,.0f)";
        return String.format(Locale.ROOT, format, spread.median(), spread.min(), spread.max());
    }

    private void row(String... cells) {
        html.append("<tr>").append(String.join("", cells)).append("</tr>\n");
    }

    private void image(byte[] png, String what) {
        html.append("<p><img alt=\"").append(escaped(what)).append("\" src=\"data:image/png;base64,");
        html.append(Base64.getEncoder().encodeToString(png)).append("\"></p>\n");
    }

    private static String escaped(Object value) {
        return String.valueOf(value)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
