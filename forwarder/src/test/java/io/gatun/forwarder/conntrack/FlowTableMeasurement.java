package io.gatun.forwarder.conntrack;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Prints nanoseconds of CPU time per operation (best of many slices, one thread) and milliseconds per opening. Simple
 * loops, run by hand with the forwarder's test class path and {@code @scripts/jvm.flags}; arguments: a directory on
 * tmpfs, the number of regions.
 */
final class FlowTableMeasurement {
    private static final int OPERATIONS = 2_000_000;
    private static final int SLICES = 50;
    private static final int ROUNDS = 6;
    private static final int BATCH = 64;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final FlowTable table;
    private final FlowDraft draft = new FlowDraft();
    private final LookupAhead ahead;
    private int now = 10_000;
    private long sink;

    private FlowTableMeasurement(FlowTable table) {
        this.table = table;
        ahead = table.lookupAhead(BATCH);
    }

    public static void main(String[] args) {
        final Path directory = Path.of(args[0]);
        final TableLayout layout = TableLayout.ofRegions(Integer.parseInt(args[1]));
        long started = System.nanoTime();
        try (ConnectionTable table = ConnectionTable.open(directory, layout)) {
            System.out.printf("open, first in process: %.1f ms, %s%n", ms(started), table.report());
            new FlowTableMeasurement(FlowTable.inMemory(new TableLayout(1, 256))).run(1_000);
            new FlowTableMeasurement(table.flows()).run(1_000);
            new FlowTableMeasurement(table.flows()).run(1_000_000);
        }
        for (int i = 0; i < 3; i++) {
            started = System.nanoTime();
            try (ConnectionTable table = ConnectionTable.open(directory, layout)) {
                System.out.printf("reopen, classes loaded: %.1f ms, %s%n", ms(started), table.report());
            }
        }
    }

    private void run(int flows) {
        System.out.printf("%,d flows in %,d slots%n", flows, table.capacity());
        empty();
        double plain = Double.MAX_VALUE;
        double batches = Double.MAX_VALUE;
        for (int round = 0; round < Math.max(ROUNDS, 200_000 / flows); round++) {
            plain = Math.min(plain, insertAll(flows, false));
            empty();
            batches = Math.min(batches, insertAll(flows, true));
            empty();
        }
        insertAll(flows, false);
        System.out.printf("  insert %.1f ns, in batches of 64 read ahead %.1f ns%n", plain, batches);
        final int[] order = new SplittableRandom(1).ints(OPERATIONS, 0, flows).toArray();
        double alone = Double.MAX_VALUE;
        double batched = Double.MAX_VALUE;
        for (int slice = 0; slice < ROUNDS * SLICES; slice++) {
            final int from = slice % SLICES * (OPERATIONS / SLICES);
            final int to = from + OPERATIONS / SLICES;
            alone = Math.min(alone, findAll(order, from, to));
            batched = Math.min(batched, findAllBatched(order, from, to));
        }
        System.out.printf(
                "  hash and find %.1f ns, in batches of 64 read ahead %.1f ns (%d)%n", alone, batched, sink & 1);
    }

    private void empty() {
        table.removeIf(flow -> true, now);
        now += FlowTable.GRACE_TICKS;
        table.sweep(now, Integer.MAX_VALUE, flow -> 1 << 29);
    }

    private double insertAll(int flows, boolean readAhead) {
        final long started = THREADS.getCurrentThreadCpuTime();
        for (int from = 0; from < flows; from += BATCH) {
            final int to = Math.min(flows, from + BATCH);
            ahead.clear();
            for (int n = from; readAhead && n < to; n++) {
                ahead.add(Flows.hash(n));
            }
            ahead.fetch();
            for (int n = from; n < to; n++) {
                sink += table.insert(Flows.fill(draft, n), now);
            }
        }
        return ns(started, flows);
    }

    private double findAll(int[] order, int from, int to) {
        final long started = THREADS.getCurrentThreadCpuTime();
        for (int i = from; i < to; i++) {
            sink += Flows.find(table, order[i]);
        }
        return ns(started, to - from);
    }

    private double findAllBatched(int[] order, int from, int to) {
        final long started = THREADS.getCurrentThreadCpuTime();
        for (int i = from; i + BATCH <= to; i += BATCH) {
            ahead.clear();
            for (int k = 0; k < BATCH; k++) {
                ahead.add(Flows.hash(order[i + k]));
            }
            ahead.fetch();
            for (int k = 0; k < BATCH; k++) {
                final int n = order[i + k];
                sink += Family.IPV4.find(table, n, Flows.hash(n), ahead.slot(k));
            }
        }
        return ns(started, to - from);
    }

    private static double ns(long startedCpuNs, long operations) {
        return (THREADS.getCurrentThreadCpuTime() - startedCpuNs) / (double) operations;
    }

    private static double ms(long startedNs) {
        return (System.nanoTime() - startedNs) / 1e6;
    }
}
