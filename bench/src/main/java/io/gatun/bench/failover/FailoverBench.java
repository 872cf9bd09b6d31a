package io.gatun.bench.failover;

import io.gatun.bench.cases.Rounds;
import io.gatun.lab.Conversations;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Kills the active node of each contender in turn, each time on fresh hosts. */
public final class FailoverBench {
    private static final int ATTEMPTS = 20;
    private static final long OPEN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOST_NS = TimeUnit.SECONDS.toNanos(8);

    private final FailoverPlan plan;
    private final List<FailoverContender> contenders;
    private final PrintStream progress;

    /**
     * Gatun, and keepalived beside it.
     *
     * @param home root of Gatun's tree, which is built
     * @param progress one line for each run
     */
    public FailoverBench(FailoverPlan plan, Path home, PrintStream progress) {
        this.plan = plan;
        this.contenders =
                List.of(new GatunFailover(home.resolve("scripts/gatun").toAbsolutePath()), new KeepalivedFailover());
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. */
    public FailoverReport run() {
        List<List<FailoverSample>> samples = new Rounds<>(
                        FailoverContender::name, this::measure, FailoverBench::describe, progress)
                .run(plan.rounds(), contenders);
        return new FailoverReport(plan, contenders, samples);
    }

    /** With short adverts the VIP may move before anybody is killed: such a run shows nothing, and is made anew. */
    FailoverSample measure(FailoverContender contender) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<FailoverSample> sample = measureOnce(contender);
            if (sample.isPresent()) {
                return sample.get();
            }
            progress.println(contender.name() + ": the VIP left the node that was to be killed, once more");
        }
        throw new IllegalStateException(
                contender.name() + ": the VIP left the node that was to be killed " + ATTEMPTS + " times");
    }

    private Optional<FailoverSample> measureOnce(FailoverContender contender) {
        try (FailoverBed bed = FailoverBed.open();
                FailoverContender.Pair pair = contender.start(bed, plan.advertMs())) {
            return takeover(bed, pair);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(contender.name() + ": " + e.getMessage(), e);
        }
    }

    /** Empty when the first node was no longer the active one. */
    private Optional<FailoverSample> takeover(FailoverBed bed, FailoverContender.Pair pair) throws Exception {
        try (Conversations conversations = Conversations.open(
                bed.client(),
                FailoverBed.VIP,
                FailoverBed.TCP_PORT,
                plan.connections(),
                FailoverBed.UDP_PORT,
                plan.flows())) {
            int missing = conversations.awaitAnswers(OPEN_NS).missing();
            if (missing > 0) {
                throw new IllegalStateException(
                        missing + " conversations were not answered before the node was killed");
            }
            pair.settle();
            if (!bed.firstOwns()) {
                return Optional.empty();
            }
            // As when the machine dies: else the kernel would go on to forward for keepalived, and to answer for its
            // VIP.
            bed.first().exec("ip", "link", "set", FailoverBed.DEVICE, "down");
            conversations.mark();
            pair.kill();
            Conversations.Delays delays = conversations.awaitAnswers(LOST_NS);
            return Optional.of(
                    new FailoverSample(delays.firstMs(), conversations.lostConnections(), conversations.lostFlows()));
        }
    }

    /** Progress, not a figure. */
    private static String describe(FailoverSample sample) {
        return String.format(
                Locale.ROOT,
                "nobody answered for %.0f ms, %d connections and %d flows lost",
                sample.gapMs(),
                sample.lostConnections(),
                sample.lostFlows());
    }
}
