package io.gatun.bench.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One contender on one testbed: warm-up, then a window at every rate of the ladder. */
final class ForwardRun {
    /** Of the issue: times the rate that can be sustained. */
    private static final double OVERLOAD = 2;

    private final ForwardPlan plan;
    private final PacketStage stage;

    ForwardRun(ForwardPlan plan, PacketStage stage) {
        this.plan = plan;
        this.stage = stage;
    }

    /**
     * Measures.
     *
     * @throws IllegalStateException when frames do not come back as they should
     */
    ForwardRound run() {
        stage.warmUp(plan.warmUp());
        List<StepSample> samples = new ArrayList<>();
        for (int target : plan.ladder()) {
            samples.add(step(target));
        }
        StepSample best = ForwardRound.best(samples);
        Optional<StepSample> overload =
                plan.overload() ? Optional.of(step((int) (OVERLOAD * best.receivedPps()))) : Optional.empty();
        return new ForwardRound(stage.example(), samples, stage.flowsMissing(), overload);
    }

    private StepSample step(int target) {
        return stage.step(target, plan.settle(), plan.window());
    }
}
