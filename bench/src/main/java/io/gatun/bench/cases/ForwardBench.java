package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.Testbed;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs contenders in turn, round by round, each time on fresh links: what drifts on the machine hits all alike. */
public final class ForwardBench {
    private static final double KILO = 1_000;

    private final ForwardPlan plan;
    private final List<Contender> contenders;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param contenders the first is compared to each of the others
     * @param progress one line for each run
     */
    public ForwardBench(ForwardPlan plan, List<Contender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public ForwardReport run() {
        List<List<ForwardRound>> rounds = new Rounds<>(Contender::name, this::measure, ForwardBench::describe, progress)
                .run(plan.rounds(), contenders);
        List<ForwardResult> results = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get(i);
            results.add(new ForwardResult(contender.name(), contender.setup(), rounds.get(i)));
        }
        return new ForwardReport(plan, results);
    }

    private ForwardRound measure(Contender contender) {
        try (Testbed bed = Testbed.of(contender, plan.generatorCpu(), plan.forwardingCpu(), plan.frames());
                Contender.Running running = contender.start(bed)) {
            return new ForwardRun(plan, new PacketStage(bed, running)).run();
        }
    }

    /** Received rates of one round along the ladder: progress, not a figure. */
    private static String describe(ForwardRound round) {
        StringBuilder text = new StringBuilder("kpps back of offered:");
        round.steps().forEach(sample -> text.append(describe(sample)));
        round.overload().ifPresent(sample -> text.append(", overload").append(describe(sample)));
        return text.toString();
    }

    private static String describe(StepSample sample) {
        return String.format(Locale.ROOT, " %.0f/%.0f", sample.receivedPps() / KILO, sample.offeredPps() / KILO);
    }
}
