package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.Testbed;
import io.gatun.bench.traffic.Generator;
import io.gatun.bench.traffic.Pacer;
import io.gatun.bench.traffic.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One contender on one testbed: warm-up, then a window at every rate of the ladder. */
final class ForwardRun {
    /** A first rate that every contender can take, so that flows open before the rings are full. */
    private static final int GENTLE_PPS = 300_000;

    private static final Duration GENTLE_TIME = Duration.ofMillis(500);
    private static final int CORRECTIONS = 4;

    /** Of the issue: times the rate that can be sustained. */
    private static final double OVERLOAD = 2;

    private final ForwardPlan plan;
    private final Contender.Running contender;
    private final Generator generator;
    private final Sink sink;

    ForwardRun(ForwardPlan plan, Testbed bed, Contender.Running contender) {
        this.plan = plan;
        this.contender = contender;
        this.generator = bed.generator();
        this.sink = bed.sink();
    }

    /**
     * Measures.
     *
     * @throws IllegalStateException when frames do not come back as they should
     */
    ForwardRound run() {
        warmUp();
        List<StepSample> samples = new ArrayList<>();
        for (int target : plan.ladder()) {
            samples.add(step(target));
        }
        StepSample best = ForwardRound.best(samples);
        Optional<StepSample> overload =
                plan.overload() ? Optional.of(step((int) (OVERLOAD * best.receivedPps()))) : Optional.empty();
        checkFlows();
        return new ForwardRound(sink.example(), samples, overload);
    }

    private void warmUp() {
        generator.start(new Pacer(GENTLE_PPS).delay());
        Windows.pass(GENTLE_TIME);
        String complaint = sink.complaint();
        if (!complaint.isEmpty()) {
            generator.stop();
            throw new IllegalStateException(complaint + ", nothing was measured");
        }
        generator.delay(0);
        Windows.pass(plan.warmUp());
        generator.stop();
        contender.warmedUp();
    }

    private StepSample step(int target) {
        Pacer pacer = new Pacer(target);
        generator.start(pacer.delay());
        try {
            Windows.pass(plan.settle().dividedBy(4));
            for (int i = 0; i < CORRECTIONS; i++) {
                correct(pacer);
            }
            return window(target);
        } finally {
            generator.stop();
        }
    }

    private void correct(Pacer pacer) {
        long sentBefore = generator.sent();
        long startNs = System.nanoTime();
        Windows.pass(plan.settle().dividedBy(4));
        pacer.observe(generator.sent() - sentBefore, System.nanoTime() - startNs);
        generator.delay(pacer.delay());
    }

    private StepSample window(int target) {
        long cpuBefore = contender.cpuNs();
        long sentBefore = generator.sent();
        long receivedBefore = sink.frames();
        long startNs = System.nanoTime();
        Windows.pass(plan.window());
        long sent = generator.sent() - sentBefore;
        long received = sink.frames() - receivedBefore;
        long elapsedNs = System.nanoTime() - startNs;
        return new StepSample(target, sent, received, elapsedNs, contender.cpuNs() - cpuBefore);
    }

    private void checkFlows() {
        long[] flows = sink.framesOfFlows();
        for (int flow = 0; flow < flows.length; flow++) {
            if (flows[flow] == 0) {
                throw new IllegalStateException("flow " + flow + " of " + flows.length + " never came back");
            }
        }
    }
}
