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
    private final List<ForwardEntry> entries;
    private final PrintStream progress;

    /**
     * A bench of these contenders.
     *
     * @param entries the first is compared to each of the others
     * @param progress one line for each run
     */
    public ForwardBench(ForwardPlan plan, List<ForwardEntry> entries, PrintStream progress) {
        this.plan = plan;
        this.entries = List.copyOf(entries);
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public ForwardReport run() {
        List<List<ForwardRound>> rounds = new Rounds<>(
                        ForwardEntry::name, this::measure, ForwardBench::describe, progress)
                .run(plan.rounds(), entries);
        List<ForwardResult> results = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            ForwardEntry entry = entries.get(i);
            results.add(new ForwardResult(entry.name(), entry.contender().setup(), rounds.get(i)));
        }
        return new ForwardReport(plan, results);
    }

    private ForwardRound measure(ForwardEntry entry) {
        Contender contender = entry.contender();
        try (Testbed bed =
                        Testbed.of(contender, plan.generatorCpu(), plan.forwardingCpu(), plan.frames(), entry.flows());
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
