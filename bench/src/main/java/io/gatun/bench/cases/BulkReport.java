package io.gatun.bench.cases;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the bulk case found, as text and as a tree of values for JSON. */
public final class BulkReport {
    /** What the first contender should reach beside each other one. */
    static final Map<String, Double> TARGETS = Map.of("nftables", 1.0, "haproxy", 3.0);

    private static final double GIGA = 1e-9;

    private final BulkPlan plan;
    private final List<ContenderResult<BulkSample>> results;

    BulkReport(BulkPlan plan, List<ContenderResult<BulkSample>> results) {
        this.plan = plan;
        this.results = List.copyOf(results);
    }

    /** The table and the headlines, for people. */
    public String text() {
        StringBuilder text = new StringBuilder("""
            one iperf3 TCP stream from client to server through one VIP, three hosts on one bridge, offloads on;
            CPU seconds per gigabyte of payload: of the whole machine, of the contender's own tasks (softirqs that run in
            others are not among them), of iperf3 at both ends; each figure: median (min-max) over %d rounds

            """.formatted(plan.rounds()));
        for (ContenderResult<BulkSample> result : results) {
            text.append(result.contender()).append(": ").append(result.setup());
            text.append(result.note().isEmpty() ? "\n" : "; it says: " + result.note() + "\n");
        }
        text.append('\n').append(table().text());
        for (ContenderResult<BulkSample> other : others()) {
            text.append(String.format(
                    Locale.ROOT,
                    "\n%s / %s: %s times%s\n",
                    results.getFirst().contender(),
                    other.contender(),
                    results.getFirst().ratioTo(other, BulkSample::bitsPerSecond).text(1, 2),
                    target(other)));
        }
        return text.toString();
    }

    /** The same figures, for machines. */
    public CaseResult result() {
        CaseResult.Builder built =
                CaseResult.of("bulk").plan("omitS", plan.omitS()).plan("seconds", plan.seconds());
        results.forEach(result -> add(built, result));
        for (ContenderResult<BulkSample> other : others()) {
            built.ratio(results.getFirst().contender(), other.contender())
                    .figure(
                            "bits per second",
                            "1",
                            Better.HIGHER,
                            results.getFirst().ratioTo(other, BulkSample::bitsPerSecond));
        }
        return built.detail("targetRatios", TARGETS).build();
    }

    private List<ContenderResult<BulkSample>> others() {
        return results.subList(1, results.size());
    }

    private static String target(ContenderResult<BulkSample> other) {
        Double target = TARGETS.get(other.contender());
        return target == null ? "" : String.format(Locale.ROOT, ", target %.1f", target);
    }

    private Table table() {
        Table table = new Table("contender", "Gb/s", "machine s/GB", "own s/GB", "sender s/GB", "receiver s/GB");
        for (ContenderResult<BulkSample> result : results) {
            table.row(
                    result.contender(),
                    result.figure(BulkSample::bitsPerSecond).text(GIGA, 2),
                    result.figure(BulkSample::machineNsPerByte).text(1, 2),
                    result.figure(BulkSample::ownNsPerByte).text(1, 2),
                    result.figure(BulkSample::senderNsPerByte).text(1, 2),
                    result.figure(BulkSample::receiverNsPerByte).text(1, 2));
        }
        return table;
    }

    private void add(CaseResult.Builder built, ContenderResult<BulkSample> result) {
        built.subject(result.contender(), result.kind(results), result.setup(), result.note())
                .figure("bits per second", "bit/s", Better.HIGHER, result.figure(BulkSample::bitsPerSecond))
                .figure("machine CPU time", "ns/byte", Better.LOWER, result.figure(BulkSample::machineNsPerByte))
                .figure("own CPU time", "ns/byte", Better.LOWER, result.figure(BulkSample::ownNsPerByte))
                .figure("sender CPU time", "ns/byte", Better.NEITHER, result.figure(BulkSample::senderNsPerByte))
                .figure("receiver CPU time", "ns/byte", Better.NEITHER, result.figure(BulkSample::receiverNsPerByte));
    }
}
