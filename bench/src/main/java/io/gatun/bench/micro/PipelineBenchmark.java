package io.gatun.bench.micro;

import io.gatun.bench.peers.Testbed;
import io.gatun.bench.traffic.FrameKind;
import io.gatun.bench.traffic.TrafficSpec;
import io.gatun.bench.traffic.UdpFrame;
import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.Pipeline;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.Source;
import io.gatun.forwarder.pipeline.SourceFilter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Parse, lookup and rewrite of batches of 64 packets of known one-arm UDP flows, per packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PipelineBenchmark {
    private static final int IFINDEX = 2;
    private static final long MAC = 0x0200_0000_0002L;
    private static final long ENDPOINT_MAC = 0x0200_0000_0001L;
    private static final int CLIENT_PORT = 20_000;
    private static final int CLIENTS = 0x0A00_0001;
    private static final int FLOWS_PER_CLIENT = 10_000;
    /** Of the 64,512 ports that the VIP has towards each. */
    private static final int FLOWS_PER_ENDPOINT = 40_000;

    private static final int CONNECTIONS_MIN = 100_000;
    private static final int COUNTERS = 256;

    @Param({"1000", "1000000"})
    private int flows;

    private final FrameBatch batch = new FrameBatch();
    private MemoryPort port;
    private Pipeline pipeline;
    private AgentCounters counters;
    private long nowNs;

    /** Opens the flows: every one of them is sent twice. */
    @Setup
    public void setUp() {
        setUp(flows);
    }

    void setUp(int flows) {
        port = new MemoryPort(frames(flows));
        counters = new AgentCounters(
                new CountersManager(
                        new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersReader.METADATA_LENGTH)),
                        new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersReader.COUNTER_LENGTH))),
                "bench/0");
        FlowTable table = FlowTable.inMemory(TableLayout.forConnections(Math.max(flows, CONNECTIONS_MIN)));
        PublishedTables published = published(1 + flows / FLOWS_PER_ENDPOINT);
        pipeline = new Pipeline(port, MAC, IFINDEX, table, counters, published, (link, high, low) -> {});
        nowNs = System.nanoTime();
        int batches = 2 * flows / FrameBatch.CAPACITY + 1;
        for (int i = 0; i < batches; i++) {
            forward();
        }
        long expected = (long) batches * FrameBatch.CAPACITY;
        if (port.transmitted() != expected || table.liveCount() != 2L * flows) {
            throw new IllegalStateException("transmitted=" + port.transmitted() + " of " + expected + ", flows="
                    + table.liveCount() + " of " + 2 * flows);
        }
    }

    /** The whole way of a packet in Java, the writing of the frame into the chunk included. */
    @Benchmark
    @OperationsPerInvocation(FrameBatch.CAPACITY)
    public long forward() {
        port.receive(batch);
        pipeline.process(batch, nowNs);
        port.complete(batch);
        return port.transmitted();
    }

    /** What of it is not Gatun's: the frame is written, and given back. */
    @Benchmark
    @OperationsPerInvocation(FrameBatch.CAPACITY)
    public long receiveOnly() {
        port.receive(batch);
        port.complete(batch);
        return port.transmitted();
    }

    /** A client sends from so many ports at most. */
    private static byte[][] frames(int flows) {
        byte[][] frames = new byte[flows][];
        for (int flow = 0; flow < flows; flow++) {
            int client = flow / FLOWS_PER_CLIENT;
            TrafficSpec spec = new TrafficSpec(
                    FLOWS_PER_CLIENT,
                    client * FLOWS_PER_CLIENT,
                    address(CLIENTS + client),
                    CLIENT_PORT,
                    Testbed.VIP,
                    Testbed.SERVICE_PORT,
                    "02:00:00:00:00:01",
                    "02:00:00:00:00:02",
                    FrameKind.SMALLEST);
            frames[flow] = UdpFrame.of(spec, flow % FLOWS_PER_CLIENT);
        }
        return frames;
    }

    private static PublishedTables published(int endpointCount) {
        int vip = toInt(Testbed.VIP.getAddress());
        int first = toInt(Testbed.ENDPOINT.getAddress());
        Source source = Source.ofIpv4(vip, new PortSpace(1_024, 65_535));
        List<Endpoints.Endpoint> endpoints = new ArrayList<>();
        NextHopTable.Builder nextHops = new NextHopTable.Builder().onLink(first, 24, IFINDEX, 0);
        for (int i = 0; i < endpointCount; i++) {
            endpoints.add(
                    Endpoints.Endpoint.ofIpv4(first + i, Testbed.ENDPOINT_PORT, i, Endpoints.Way.OWN_SOURCE, source));
            nextHops.neighbour(IFINDEX, first + i, ENDPOINT_MAC + i);
        }
        boolean[] usable = new boolean[endpointCount];
        Arrays.fill(usable, true);
        Service service = new Service(
                1,
                source.high(),
                source.low(),
                Testbed.SERVICE_PORT,
                Testbed.SERVICE_PORT,
                17,
                true,
                new Endpoints(endpoints),
                false,
                new RoundRobin(usable, new AtomicLong()),
                SourceFilter.EVERYBODY);
        return new PublishedTables(new ForwardingTables(ServiceTable.of(List.of(service)), nextHops.build()));
    }

    private static Inet4Address address(int bits) {
        try {
            byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(bits).array();
            return (Inet4Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static int toInt(byte[] address) {
        return ByteBuffer.wrap(address).getInt();
    }
}
