package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.Testbed;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The cases {@code forward}, {@code overload}, {@code cost} and {@code ndr} in this order on one start of each contender
 * in each round, and then {@code latency}: a start and its warm-up take longer than what they are for.
 */
public final class PacketsBench {
    private static final double KILO = 1e-3;

    private final ForwardPlan ladder;
    private final PacketPlan plan;
    private final boolean limitsHaveNdr;
    private final List<Contender> peers;
    private final List<Contender> limits;
    private final PrintStream progress;

    /**
     * What one contender did in one round.
     *
     * @param search none of a limit in a quick run
     */
    private record Round(ForwardRound forward, PacketStage.Timed cost, Optional<NdrBench.Search> search) {}

    /**
     * A bench of these contenders.
     *
     * @param ladder of forward
     * @param plan of the others; its rate is that of cost
     * @param limitsHaveNdr whether ndr is measured of the limits too
     * @param peers load balancers, the first is compared to the others and to the limits
     * @param limits contenders of forward and cost that are none
     */
    public PacketsBench(
            ForwardPlan ladder,
            PacketPlan plan,
            boolean limitsHaveNdr,
            List<Contender> peers,
            List<Contender> limits,
            PrintStream progress) {
        this.ladder = ladder;
        this.plan = plan;
        this.limitsHaveNdr = limitsHaveNdr;
        this.peers = List.copyOf(peers);
        this.limits = List.copyOf(limits);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public List<CaseReport> run() {
        List<Contender> all = new ArrayList<>(peers);
        all.addAll(limits);
        List<List<Round>> rounds =
                new Rounds<>(Contender::name, this::measure, PacketsBench::describe, progress).run(plan.rounds(), all);
        List<CaseReport> reports = new ArrayList<>();
        reports.add(forward(false, all, rounds));
        reports.add(forward(true, peers, rounds));
        reports.add(CostBench.report(plan, results(all, rounds, Round::cost)));
        reports.add(NdrBench.report(
                plan,
                results(
                        limitsHaveNdr ? all : peers,
                        rounds,
                        each -> each.search().orElseThrow())));
        progress.println("latency at half load");
        reports.add(new LatencyBench(plan.at(halfLoad(rounds)), peers, progress).run());
        return reports;
    }

    private Round measure(Contender contender) {
        PacketRounds.Layout layout = plan.layout();
        try (Testbed bed = Testbed.of(contender, layout.generatorCpu(), layout.forwardingCpu(), layout.frames());
                Contender.Running running = contender.start(bed)) {
            PacketStage stage = new PacketStage(bed, running);
            boolean isPeer = peers.contains(contender);
            ForwardRound forward = new ForwardRun(ladder.withOverload(isPeer), stage).run();
            PacketStage.Timed cost = stage.timed(plan.framesPerSecond(), plan.window());
            Optional<NdrBench.Search> search = isPeer || limitsHaveNdr
                    ? Optional.of(
                            NdrBench.search(stage, plan.trial(), forward.best().receivedPps()))
                    : Optional.empty();
            return new Round(forward, cost, search);
        }
    }

    private ForwardReport forward(boolean overload, List<Contender> contenders, List<List<Round>> rounds) {
        List<ForwardResult> results = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get(i);
            results.add(new ForwardResult(
                    contender.name(),
                    contender.setup(),
                    rounds.get(i).stream().map(Round::forward).toList()));
        }
        return new ForwardReport(ladder.withOverload(overload), results);
    }

    /** Of the first contenders. */
    private static <S> List<ContenderResult<S>> results(
            List<Contender> contenders, List<List<Round>> rounds, Function<Round, S> part) {
        List<ContenderResult<S>> results = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get(i);
            results.add(new ContenderResult<>(
                    contender.name(),
                    contender.setup(),
                    "",
                    rounds.get(i).stream().map(part).toList()));
        }
        return results;
    }

    /** Half of the median rate of the slower load balancer. */
    private int halfLoad(List<List<Round>> rounds) {
        double lowest = Double.MAX_VALUE;
        for (int i = 0; i < peers.size(); i++) {
            double[] best = rounds.get(i).stream()
                    .mapToDouble(each -> each.forward().best().receivedPps())
                    .sorted()
                    .toArray();
            lowest = Math.min(lowest, best[best.length / 2]);
        }
        return (int) (lowest / 2);
    }

    /** Progress, not a figure. */
    private static String describe(Round round) {
        return String.format(
                Locale.ROOT,
                "%.0f kpps at best, %s%.0f ns a packet at %.0f kpps%s",
                round.forward().best().receivedPps() * KILO,
                round.forward()
                        .overload()
                        .map(each -> String.format(Locale.ROOT, "%.0f under overload, ", each.receivedPps() * KILO))
                        .orElse(""),
                round.cost().step().cpuNsPerPacket(),
                round.cost().step().offeredPps() * KILO,
                round.search()
                        .map(each -> String.format(
                                Locale.ROOT,
                                ", %.0f kpps without loss",
                                each.passed().receivedPps() * KILO))
                        .orElse(""));
    }
}
