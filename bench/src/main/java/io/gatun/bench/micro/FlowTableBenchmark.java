package io.gatun.bench.micro;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.LookupAhead;
import io.gatun.forwarder.conntrack.TableLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Lookups and inserts, in an order that no prefetcher guesses, one at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FlowTableBenchmark {
    private static final int PROTOCOL_UDP = 17;
    private static final int ORDER = 1 << 20;
    private static final long SEED = 42;
    private static final int VIP = 0xC0A8_50C8;
    private static final int ENDPOINT = 0xC0A8_500B;
    private static final int BATCH = 64;
    private static final int INSERTS = BATCH * 1_500;
    private static final int SETTLED = 1;
    private static final int FRESH = 2;

    @Param({"1000", "1000000"})
    private int flows;

    private final FlowDraft draft = new FlowDraft();
    private FlowTable table;
    private LookupAhead ahead;
    private int nowTick;
    private int[] order;
    private int next;

    /** Fills the table and draws the order. */
    @Setup
    public void setUp() {
        setUp(flows);
    }

    void setUp(int flows) {
        table = FlowTable.inMemory(TableLayout.forConnections(flows + INSERTS));
        ahead = table.lookupAhead(BATCH);
        nowTick = FlowTable.tick(System.nanoTime());
        for (int flow = 0; flow < flows; flow++) {
            if (insert(flow, SETTLED) < 0) {
                throw new IllegalStateException("flow " + flow + " of " + flows + " was not taken");
            }
        }
        Random random = new Random(SEED);
        order = random.ints(ORDER, 0, flows).toArray();
    }

    /** Takes the connections out again that {@link #insert} or {@link #insertBatches} has put in; their slots are as good as new. */
    @Setup(Level.Iteration)
    public void removeInserted() {
        table.removeIf(flow -> flow.serviceId() == FRESH, nowTick);
        nowTick += FlowTable.GRACE_TICKS;
        table.sweep(nowTick, Integer.MAX_VALUE, flow -> Integer.MAX_VALUE);
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

    /** A connection: both tuples, linked. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OperationsPerInvocation(INSERTS)
    public long insert() {
        long last = 0;
        for (int i = 0; i < INSERTS; i++) {
            last = insert(flows + i, FRESH);
        }
        return last;
    }

    /** The same as a pipeline does it: what the clients' tuples of a batch need is read ahead. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OperationsPerInvocation(INSERTS)
    public long insertBatches() {
        long last = 0;
        for (int i = 0; i < INSERTS; i += BATCH) {
            ahead.clear();
            for (int k = 0; k < BATCH; k++) {
                int flow = flows + i + k;
                ahead.add(FlowTable.hash(source(flow), VIP, ports(flow), PROTOCOL_UDP));
            }
            ahead.fetch();
            for (int k = 0; k < BATCH; k++) {
                last = insert(flows + i + k, FRESH);
            }
        }
        return last;
    }

    private long insert(int flow, int service) {
        int ports = ports(flow);
        draft.key(source(flow), VIP, ports, PROTOCOL_UDP)
                .rewrite(VIP, ENDPOINT, ports)
                .service(service, 0);
        long forward = table.insert(draft, nowTick);
        draft.key(ENDPOINT, source(flow) ^ VIP, Integer.rotateLeft(ports, Short.SIZE), PROTOCOL_UDP)
                .rewrite(VIP, source(flow), ports)
                .service(service, 0);
        long reply = table.insert(draft, nowTick);
        if ((forward | reply) >= 0) {
            table.link(forward, reply);
        }
        return forward | reply;
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
