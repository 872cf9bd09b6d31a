package io.gatun.api.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The parsers of Prometheus' own client for Python (Debian package python3-prometheus-client), which know both formats. */
public final class PrometheusParser {
    private static final String SCRIPT = """
            import sys
            module = 'prometheus_client.openmetrics.parser' if sys.argv[1] == 'openmetrics' else 'prometheus_client.parser'
            parser = __import__(module, fromlist=['parser'])
            text = sys.stdin.buffer.read().decode()
            for family in parser.text_string_to_metric_families(text):
                assert family.documentation, family.name + ' has no help'
                assert family.type != 'unknown', family.name + ' has no type'
                for sample in family.samples:
                    labels = ''.join(' %s=%s' % pair for pair in sorted(sample.labels.items()))
                    print(sample.name + labels + ' ' + repr(float(sample.value)))
            """;

    /** Debian's own, for which the package is. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final Path PACKAGE = Path.of("/usr/lib/python3/dist-packages/prometheus_client");

    private PrometheusParser() {}

    /** Samples of the text format 0.0.4: name, sorted labels, value. */
    public static List<String> text(String scrape) {
        return parse("text", scrape);
    }

    /** Samples of OpenMetrics, whose parser is strict. */
    public static List<String> openMetrics(String scrape) {
        return parse("openmetrics", scrape);
    }

    /** Names of samples. */
    public static Set<String> names(List<String> samples) {
        Set<String> names = new TreeSet<>();
        samples.forEach(sample -> names.add(sample.substring(0, sample.indexOf(' '))));
        return names;
    }

    private static List<String> parse(String format, String scrape) {
        assumeTrue(Files.exists(PACKAGE), "python3-prometheus-client is not installed");
        try {
            Process python = new ProcessBuilder(PYTHON, "-c", SCRIPT, format)
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream input = python.getOutputStream()) {
                input.write(scrape.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, python.waitFor(), () -> output + scrape);
            return output.lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
