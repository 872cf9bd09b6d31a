package io.gatun.bench.micro;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Lookups in the connection table, in an order that no prefetcher guesses, one at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FlowTableBenchmark {
    private static final int PROTOCOL_UDP = 17;
    private static final int ORDER = 1 << 20;
    private static final long SEED = 42;
    private static final int VIP = 0xC0A8_50C8;

    @Param({"1000", "300000"})
    private int flows;

    private FlowTable table;
    private int[] order;
    private int next;

    /** Fills the table and draws the order. */
    @Setup
    public void setUp() {
        setUp(flows);
    }

    void setUp(int flows) {
        table = FlowTable.inMemory(TableLayout.forConnections(flows));
        int nowTick = FlowTable.tick(System.nanoTime());
        for (int flow = 0; flow < flows; flow++) {
            FlowDraft draft = new FlowDraft()
                    .key(source(flow), VIP, ports(flow), PROTOCOL_UDP)
                    .rewrite(VIP, VIP, ports(flow))
                    .service(1, 0);
            if (table.insert(draft, nowTick) < 0) {
                throw new IllegalStateException("flow " + flow + " of " + flows + " was not taken");
            }
        }
        Random random = new Random(SEED);
        order = random.ints(ORDER, 0, flows).toArray();
    }

    /** A flow that is there. */
    @Benchmark
    public long hit() {
        int flow = nextFlow();
        return find(source(flow), ports(flow));
    }

    /** A flow that is not. */
    @Benchmark
    public long miss() {
        int flow = nextFlow();
        return find(~source(flow), ports(flow));
    }

    private int nextFlow() {
        next = (next + 1) & (ORDER - 1);
        return order[next];
    }

    private long find(int source, int ports) {
        return table.find(source, VIP, ports, PROTOCOL_UDP, FlowTable.hash(source, VIP, ports, PROTOCOL_UDP));
    }

    private static int source(int flow) {
        return 0x0A00_0000 + (flow >>> 10);
    }

    private static int ports(int flow) {
        return (1_024 + (flow & 1_023)) << 16 | 80;
    }
}
