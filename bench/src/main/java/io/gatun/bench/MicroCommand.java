package io.gatun.bench;

import io.gatun.bench.peers.Priority;
import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import io.gatun.bench.report.Table;
import io.gatun.forwarder.conntrack.TableLayout;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench micro}. */
@Command(
        name = "micro",
        description =
                "JMH: nanoseconds a packet for parse + lookup + rewrite, for checksums and for the connection table.",
        mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {
    private static final int QUICK_ITERATIONS = 5;
    private static final int FULL_ITERATIONS = 6;
    private static final int QUICK_WARM_UPS = 2;
    private static final int FULL_WARM_UPS = 3;
    private static final TimeValue QUICK_TIME = TimeValue.milliseconds(500);
    private static final TimeValue FULL_TIME = TimeValue.seconds(1);
    private static final int FULL_FORKS = 2;
    private static final int MILLION = 1_000_000;
    private static final double MIB = 1 << 20;

    @Option(names = "--quick", description = "One fork and " + QUICK_ITERATIONS + " iterations of half a second.")
    private boolean quick;

    @Mixin
    private Output output;

    @Parameters(
            arity = "0..1",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Only benchmarks whose name matches, such as Pipeline.")
    private String include;

    @Override
    public Integer call() throws RunnerException, IOException {
        output.begin();
        Priority.raiseSession();
        System.setProperty("jmh.ignoreLock", "true"); // it would stay behind
        OptionsBuilder options = new OptionsBuilder();
        options.include("io\\.gatun\\.bench\\.micro\\..*" + include)
                .shouldFailOnError(true)
                .jvmArgsAppend("-Xmx2g")
                .forks(quick ? 1 : FULL_FORKS)
                .warmupIterations(quick ? QUICK_WARM_UPS : FULL_WARM_UPS)
                .warmupTime(quick ? QUICK_TIME : FULL_TIME)
                .measurementIterations(quick ? QUICK_ITERATIONS : FULL_ITERATIONS)
                .measurementTime(quick ? QUICK_TIME : FULL_TIME);
        Collection<RunResult> results = new Runner(options.build()).run();
        return output.report("\n" + text(results), result(results));
    }

    private static String text(Collection<RunResult> results) {
        return table(results).text()
                + "median (min-max) over the iterations of all forks; of SweepBenchmark over all steps. Targets: pipeline,"
                + " less what it takes to receive, 45 ns a packet at 1,000 flows, 110 at a million; insert 300 ns at a"
                + " million; a step of the sweep at most 1 ms\n"
                + String.format(
                        Locale.ROOT,
                        "a table for %,d connections: %.0f MiB, fixed at the start%n",
                        MILLION,
                        TableLayout.forConnections(MILLION).lengthBytes() / MIB);
    }

    private CaseResult result(Collection<RunResult> results) {
        CaseResult.Builder built = CaseResult.of("micro")
                .plan("forks", quick ? 1 : FULL_FORKS)
                .plan("iterations", quick ? QUICK_ITERATIONS : FULL_ITERATIONS)
                .subject("gatun", Subject.Kind.OURS, "JMH", "");
        for (RunResult result : results) {
            String figure = (name(result) + " " + parameters(result)).strip();
            built.figure(figure, "ns", Better.LOWER, spread(result));
        }
        return built.build();
    }

    private static Table table(Collection<RunResult> results) {
        Table table = new Table("benchmark", "parameters", "ns", "iterations");
        for (RunResult result : results) {
            Spread spread = spread(result);
            table.row(name(result), parameters(result), spread.text(1, 1), Integer.toString(spread.samples()));
        }
        return table;
    }

    private static Spread spread(RunResult result) {
        Statistics statistics = result.getPrimaryResult().getStatistics();
        return new Spread(
                statistics.getPercentile(50), statistics.getMin(), statistics.getMax(), (int) statistics.getN());
    }

    private static String name(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    private static String parameters(RunResult result) {
        StringBuilder parameters = new StringBuilder();
        for (String key : result.getParams().getParamsKeys()) {
            parameters
                    .append(key)
                    .append('=')
                    .append(result.getParams().getParam(key))
                    .append(' ');
        }
        return parameters.toString().strip();
    }
}
