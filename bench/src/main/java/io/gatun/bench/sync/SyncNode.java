package io.gatun.bench.sync;

import io.gatun.bench.peers.Testbed;
import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.conntrack.ChangeRings;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.Egress;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.HalfOpenFlows;
import io.gatun.forwarder.pipeline.IdleResets;
import io.gatun.forwarder.pipeline.Pipeline;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.SharedFlows;
import io.gatun.forwarder.pipeline.Source;
import io.gatun.forwarder.pipeline.SourceFilter;
import io.gatun.forwarder.sync.TableExchange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/** A connection table, the packet path that fills it, and its exchange. */
final class SyncNode {
    private static final String AGENT = "bench/0";
    private static final int IFINDEX = 2;
    private static final long MAC = 0x0200_0000_0002L;
    private static final String MAC_TEXT = "02:00:00:00:00:02";
    private static final long ENDPOINT_MAC = 0x0200_0000_0001L;
    private static final String CLIENT_MAC_TEXT = "02:00:00:00:00:01";
    private static final int CONNECTIONS = 300_000;
    private static final int ENDPOINTS = 10;
    private static final int HALF_OPEN_MANY = 1 << 26;
    private static final int COUNTERS = 256;
    private static final int UDP = 17;

    private final CountersManager manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersReader.METADATA_LENGTH)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersReader.COUNTER_LENGTH)));
    private final FlowTable flows = FlowTable.inMemory(TableLayout.forConnections(CONNECTIONS));
    private final PublishedTables published = published();
    private final FrameBatch batch = new FrameBatch();
    private final SharedFlows shared;
    private final FreshFlowsPort port;
    private final Pipeline pipeline;

    /**
     * A node with an empty table.
     *
     * @param told whether its changes are for others
     */
    SyncNode(boolean told, int freshPerSecond) {
        ChangeRings changes = told ? ChangeRings.create() : ChangeRings.none();
        shared = new SharedFlows(flows, new HalfOpenFlows(HALF_OPEN_MANY, HALF_OPEN_MANY), new IdleResets(), changes);
        port = new FreshFlowsPort(freshPerSecond, CLIENT_MAC_TEXT, MAC_TEXT);
        pipeline = new Pipeline(
                port,
                MAC,
                IFINDEX,
                shared,
                new AgentCounters(manager, AGENT),
                published,
                (link, high, low) -> {},
                Egress.NONE,
                0,
                changes.of(AGENT));
    }

    TableExchange exchange() {
        return new TableExchange(shared, published, SystemNanoClock.INSTANCE, manager);
    }

    /** From now on there are new flows. */
    void begin() {
        port.start(System.nanoTime());
    }

    /** Forwards as fast as it can for so long. @return packets */
    long forward(long forNs) {
        long before = port.received();
        long startNs = System.nanoTime();
        long nowNs = startNs;
        while (nowNs - startNs < forNs) {
            port.at(nowNs);
            port.receive(batch);
            pipeline.process(batch, nowNs);
            port.complete(batch);
            nowNs = System.nanoTime();
        }
        return port.received() - before;
    }

    /** Packets that were not forwarded. */
    long dropped() {
        return port.received() - port.transmitted();
    }

    long connections() {
        return flows.liveCount() / 2;
    }

    long count(String name) {
        long[] value = new long[1];
        manager.forEach((id, label) -> value[0] += label.endsWith(" " + name) ? manager.getCounterValue(id) : 0);
        return value[0];
    }

    private static PublishedTables published() {
        int vip = ByteBuffer.wrap(Testbed.VIP.getAddress()).getInt();
        int first = ByteBuffer.wrap(Testbed.ENDPOINT.getAddress()).getInt();
        int client = ByteBuffer.wrap(Testbed.CLIENT.getAddress()).getInt();
        Source source = Source.ofIpv4(vip, new PortSpace(1_024, 65_535));
        List<Endpoints.Endpoint> endpoints = new ArrayList<>();
        NextHopTable.Builder nextHops = new NextHopTable.Builder()
                .onLink(first, 24, IFINDEX, 0)
                .route(0, 0, client, IFINDEX, 0)
                .neighbour(IFINDEX, client, ENDPOINT_MAC);
        for (int i = 0; i < ENDPOINTS; i++) {
            endpoints.add(
                    Endpoints.Endpoint.ofIpv4(first + i, Testbed.ENDPOINT_PORT, i, Endpoints.Way.OWN_SOURCE, source));
            nextHops.neighbour(IFINDEX, first + i, ENDPOINT_MAC + i);
        }
        boolean[] usable = new boolean[ENDPOINTS];
        Arrays.fill(usable, true);
        Service service = new Service(
                1,
                source.high(),
                source.low(),
                Testbed.SERVICE_PORT,
                Testbed.SERVICE_PORT,
                UDP,
                true,
                new Endpoints(endpoints),
                false,
                new RoundRobin(usable, new AtomicLong()),
                SourceFilter.EVERYBODY);
        return new PublishedTables(new ForwardingTables(ServiceTable.of(List.of(service)), nextHops.build()));
    }
}
