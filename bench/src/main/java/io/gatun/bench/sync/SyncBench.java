package io.gatun.bench.sync;

import io.gatun.bench.cases.Rounds;
import io.gatun.bench.traffic.Cpu;
import io.gatun.ha.sync.ConnectionSync;
import io.gatun.ha.sync.SyncKey;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** One agent forwards as fast as it can while new flows come: without a peer, and with one in turn. */
public final class SyncBench {
    private static final Path TMPFS = Path.of("/dev/shm");
    private static final int PORT = 11_112;
    private static final String ACTIVE = "192.168.81.1";
    private static final String STANDBY = "192.168.81.2";
    private static final String PREFIX = "/24";
    private static final byte[] KEY = "the key of both nodes".getBytes(StandardCharsets.US_ASCII);
    private static final int MILLION = 1_000_000;

    private final SyncPlan plan;
    private final PrintStream progress;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** A bench that prints a line for each run. */
    public SyncBench(SyncPlan plan, PrintStream progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures all; when one run fails, so does the whole. A first round, in which HotSpot compiles, is not counted. */
    public SyncReport run() {
        Rounds<SyncPlan.Layout, SyncSample> rounds =
                new Rounds<>(SyncPlan.Layout::text, this::measure, SyncBench::describe, progress);
        List<SyncPlan.Layout> layouts = List.of(SyncPlan.Layout.values());
        rounds.run(1, layouts);
        return new SyncReport(plan, rounds.run(plan.rounds(), layouts));
    }

    private SyncSample measure(SyncPlan.Layout layout) {
        try (Lab lab = Lab.open("bench")) {
            Host active = lab.bare("active");
            Host standby = lab.bare("standby");
            lab.wire(active, LinkSpec.of(ACTIVE + PREFIX), standby, LinkSpec.of(STANDBY + PREFIX));
            if (layout == SyncPlan.Layout.ALONE) {
                return forward(new SyncNode(/* told= */ false, plan.freshPerSecond()), Set.of());
            }
            SyncNode node = new SyncNode(/* told= */ true, plan.freshPerSecond());
            SyncNode peer = new SyncNode(/* told= */ true, plan.freshPerSecond());
            Cpu cpu = layout == SyncPlan.Layout.SAME_CPU ? plan.agentCpu() : plan.otherCpu();
            try (Exchange _ = exchange(standby, peer, ACTIVE, plan.otherCpu());
                    Exchange own = exchange(active, node, STANDBY, cpu)) {
                SyncSample sample = forward(node, own.threads());
                complain(node, peer);
                return sample;
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(layout + " cannot be measured", e);
        }
    }

    /** @param threads those that exchange for it */
    private record Exchange(ConnectionSync sync, Path directory, Set<Long> threads) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            sync.close();
            Files.delete(directory);
        }
    }

    private Exchange exchange(Host host, SyncNode node, String peer, Cpu cpu) throws Exception {
        Path directory = Files.createTempDirectory(TMPFS, "gatun-bench-");
        Set<Long> before = threadIds();
        ConnectionSync sync = host.call(() -> {
            cpu.pinThisThread();
            return ConnectionSync.start(
                    node.exchange(),
                    directory.resolve("sync"),
                    List.of(InetAddress.ofLiteral(peer)),
                    PORT,
                    SyncKey.of(KEY),
                    state -> {});
        });
        Set<Long> own = threadIds();
        own.removeAll(before);
        return new Exchange(sync, directory, own);
    }

    private Set<Long> threadIds() {
        return Arrays.stream(threads.getAllThreadIds()).boxed().collect(Collectors.toCollection(HashSet::new));
    }

    private SyncSample forward(SyncNode node, Set<Long> exchange) throws Exception {
        try (ExecutorService agent = Executors.newSingleThreadExecutor()) {
            return agent.submit(() -> {
                        plan.agentCpu().pinThisThread();
                        node.forward(plan.warmUp().toNanos() / 2); // known flows alone: the peers find each other
                        node.begin();
                        node.forward(plan.warmUp().toNanos() / 2);
                        long exchangeBefore = cpuNs(exchange);
                        long agentBefore = threads.getCurrentThreadCpuTime();
                        long startNs = System.nanoTime();
                        long packets = node.forward(plan.window().toNanos());
                        long elapsedNs = System.nanoTime() - startNs;
                        long agentNs = threads.getCurrentThreadCpuTime() - agentBefore;
                        return new SyncSample(packets, elapsedNs, agentNs, cpuNs(exchange) - exchangeBefore);
                    })
                    .get();
        }
    }

    private long cpuNs(Set<Long> ids) {
        return ids.stream().mapToLong(threads::getThreadCpuTime).sum();
    }

    private static void complain(SyncNode node, SyncNode peer) {
        long lost = node.count("sync_lost");
        long missing = node.connections() - peer.connections();
        if (node.dropped() > 0 || lost > 0 || missing > node.connections() / 100) {
            throw new IllegalStateException("of " + node.connections() + " connections the peer has not " + missing
                    + ", changes lost: " + lost + ", packets dropped: " + node.dropped());
        }
    }

    /** Progress, not a figure. */
    private static String describe(SyncSample sample) {
        return String.format(
                Locale.ROOT,
                "%.2f million packets a second, exchange %.1f %% of a CPU",
                sample.packetsPerSecond() / MILLION,
                100 * sample.exchangeShare());
    }
}
