package io.gatun.bench.cases;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.MachineClock;
import io.gatun.bench.peers.Testbed;
import io.gatun.bench.traffic.Generator;
import io.gatun.bench.traffic.Pacer;
import io.gatun.bench.traffic.Sink;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One contender on one testbed, and windows of frames through it. */
final class PacketStage {
    /** A first rate that every contender can take, so that flows open before the rings are full. */
    private static final int GENTLE_PPS = 100_000;

    /** Opening a flow takes longer than forwarding of one that is open. */
    private static final int OPENING_PPS = 200_000;

    private static final long OPENING_NS = TimeUnit.SECONDS.toNanos(60);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration GENTLE_TIME = Duration.ofMillis(500);
    private static final Duration COMPILED_WARM_UP = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private static final int TIMED_PPS = 200_000;

    /** What compilers may still have to do in a turn of {@link #SHORT} each way. */
    private static final long COMPILING_NS = 50_000_000;

    private static final int QUIET_TURNS = 2;

    private static final int CORRECTIONS = 3;

    /** What is in rings when the generator stops has come out by then. */
    private static final Duration DRAIN = Duration.ofMillis(50);

    private static final long FIRST_FRAME_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_AGAIN_NS = 200_000;

    private final Testbed bed;
    private final Contender.Running contender;
    private final Generator generator;
    private final Sink sink;

    PacketStage(Testbed bed, Contender.Running contender) {
        this.bed = bed;
        this.contender = contender;
        this.generator = bed.generator();
        this.sink = bed.sink();
    }

    /**
     * What a window by the clock saw.
     *
     * @param step what came back, up to the last frame
     * @param coreNs time that the forwarding CPU was busy, whoever used it
     * @param delays of frames against the time at which they were due, empty unless the sink looks at it
     */
    record Timed(StepSample step, long coreNs, Histogram delays) {}

    /**
     * Traffic that does not count; a second of it is enough for what is compiled before, and a JVM has more
     * of it until its compilers have done.
     *
     * @param time that a JVM has at most on all CPUs, and as much again on the forwarding one
     * @throws IllegalStateException when frames do not come back as they should
     */
    void warmUp(Duration time) {
        generator.start(new Pacer(GENTLE_PPS).delay());
        Windows.pass(GENTLE_TIME);
        String complaint = sink.complaint();
        if (!complaint.isEmpty()) {
            generator.stop();
            throw new IllegalStateException(complaint + ", nothing was measured");
        }
        openAll();
        generator.stop();
        if (contender.isCompiledAsItRuns()) {
            untilCompiled(time);
            contender.warmedUp();
            untilCompiled(time);
        } else {
            generator.start(0);
            Windows.pass(time.compareTo(COMPILED_WARM_UP) > 0 ? COMPILED_WARM_UP : time);
            generator.stop();
            contender.warmedUp();
        }
    }

    /** Each flow once, at a rate at which all can open them; what is lost of it opens when its turn comes again. */
    private void openAll() {
        int flows = bed.flows().count();
        if (generator.sent() >= flows) {
            return;
        }
        generator.stop();
        generator.startTimed(OPENING_PPS);
        long deadline = System.nanoTime() + OPENING_NS;
        while (generator.sent() < flows) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("only " + generator.sent() + " flows of " + flows + " were sent");
            }
            Windows.pass(LOOK);
        }
    }

    /**
     * So fast that the rings are never empty, so slowly that they always are, and by the clock. What was compiled for one
     * is given up at the first of another, and when that happens on the forwarding CPU the agent, which goes before all
     * else there, runs interpreted and leaves the compilers a twentieth of it: a second and more without packets.
     */
    private void everyWay(Duration each) {
        generator.start(0);
        Windows.pass(each);
        generator.delay(new Pacer(GENTLE_PPS).delay());
        Windows.pass(each);
        generator.stop();
        generator.startTimed(TIMED_PPS);
        Windows.pass(each);
        generator.stop();
    }

    /** Until the JVM's compilers have next to nothing to do in two turns that follow each other, or the time is up. */
    private void untilCompiled(Duration atMost) {
        long endNs = System.nanoTime() + atMost.toNanos();
        int quiet = 0;
        while (quiet < QUIET_TURNS && System.nanoTime() - endNs < 0) {
            long before = contender.compilingNs();
            everyWay(SHORT);
            quiet = contender.compilingNs() - before < COMPILING_NS ? quiet + 1 : 0;
        }
    }

    /**
     * A window at a rate that the generator keeps by a delay.
     *
     * @param target frames per second, 0 for as fast as can be
     * @param settle traffic before the window; the rate is set in it
     */
    StepSample step(int target, Duration settle, Duration window) {
        Pacer pacer = new Pacer(target);
        generator.start(pacer.delay());
        try {
            Windows.pass(settle.dividedBy(4));
            for (int i = 0; i < CORRECTIONS; i++) {
                correct(pacer, settle.dividedBy(4));
            }
            return window(target, window);
        } finally {
            generator.stop();
        }
    }

    /** A window at a rate that the generator keeps by the clock; it counts each frame from the first to the last. */
    Timed timed(int target, Duration window) {
        Histogram before = sink.delays();
        long cpuBefore = contender.cpuNs();
        long coreBefore = MachineClock.busyNs(bed.forwardingCpu());
        long sentBefore = generator.sent();
        long receivedBefore = sink.frames();
        generator.startTimed(target);
        long elapsedNs;
        long cpuNs;
        long coreNs;
        try {
            awaitFirst(sentBefore);
            long startNs = System.nanoTime();
            Windows.pass(window);
            elapsedNs = System.nanoTime() - startNs;
            cpuNs = contender.cpuNs() - cpuBefore;
            coreNs = MachineClock.busyNs(bed.forwardingCpu()) - coreBefore;
        } finally {
            generator.stop();
        }
        Windows.pass(DRAIN);
        StepSample step =
                new StepSample(target, generator.sent() - sentBefore, sink.frames() - receivedBefore, elapsedNs, cpuNs);
        Histogram delays = sink.delays();
        delays.subtract(before);
        return new Timed(step, coreNs, delays);
    }

    private void awaitFirst(long sentBefore) {
        long deadline = System.nanoTime() + FIRST_FRAME_NS;
        while (generator.sent() == sentBefore) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the generator sends nothing");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }

    private void correct(Pacer pacer, Duration time) {
        long sentBefore = generator.sent();
        long startNs = System.nanoTime();
        Windows.pass(time);
        pacer.observe(generator.sent() - sentBefore, System.nanoTime() - startNs);
        generator.delay(pacer.delay());
    }

    private StepSample window(int target, Duration window) {
        long cpuBefore = contender.cpuNs();
        long sentBefore = generator.sent();
        long receivedBefore = sink.frames();
        long startNs = System.nanoTime();
        Windows.pass(window);
        long sent = generator.sent() - sentBefore;
        long received = sink.frames() - receivedBefore;
        long elapsedNs = System.nanoTime() - startNs;
        return new StepSample(target, sent, received, elapsedNs, contender.cpuNs() - cpuBefore);
    }

    /** @throws IllegalStateException when not all flows have come back */
    void checkFlows() {
        int missing = flowsMissing();
        if (missing > 0) {
            throw new IllegalStateException(missing + " flows of " + bed.flows().count() + " never came back");
        }
    }

    /** Of how many flows no frame has come back. */
    int flowsMissing() {
        return (int) Arrays.stream(sink.framesOfFlows())
                .filter(frames -> frames == 0)
                .count();
    }

    /** The first frame seen at the sink, in words. */
    String example() {
        return sink.example();
    }
}
