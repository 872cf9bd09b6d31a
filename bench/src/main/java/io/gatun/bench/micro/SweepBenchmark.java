package io.gatun.bench.micro;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The conductor's steps of the sweep over a table of a million connections: the longest is how long an agent on the same
 * CPU can be kept waiting.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SweepBenchmark {
    private static final int CONNECTIONS = 1_000_000;
    private static final int PROTOCOL_UDP = 17;
    private static final int VIP = 0xC0A8_50C8;

    private FlowTable table;
    private int nowTick;

    /** Fills the table. */
    @Setup(Level.Iteration)
    public void setUp() {
        if (table == null) {
            table = FlowTable.inMemory(TableLayout.forConnections(CONNECTIONS));
        }
        nowTick += 2 * FlowTable.GRACE_TICKS;
        table.sweep(nowTick, Integer.MAX_VALUE, flow -> Integer.MAX_VALUE);
        FlowDraft draft = new FlowDraft();
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            draft.key(0x0A00_0000 + (i >>> 10), VIP, (1_024 + (i & 1_023)) << 16 | 80, PROTOCOL_UDP)
                    .rewrite(VIP, VIP, i)
                    .service(1, 0);
            table.insert(draft, nowTick);
        }
    }

    /** None has been silent too long. */
    @Benchmark
    public int nothingExpires() {
        return table.sweepStep(nowTick, flow -> Integer.MAX_VALUE);
    }

    /** All have. */
    @Benchmark
    public int everythingExpires() {
        return table.sweepStep(nowTick + 2, flow -> 1);
    }
}
