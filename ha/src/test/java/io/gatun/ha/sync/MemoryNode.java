package io.gatun.ha.sync;

import io.gatun.forwarder.conntrack.ChangeRings;
import io.gatun.forwarder.conntrack.FlowChanges;
import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.FlowWalk;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.HalfOpenFlows;
import io.gatun.forwarder.pipeline.IdleResets;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.SharedFlows;
import io.gatun.forwarder.sync.TableExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;

/** A node that is a connection table and its exchange; the test does to connections what agents and conductor would. */
final class MemoryNode {
    private static final int VIP = 0xC0A8_50C8;
    private static final int ENDPOINT = 0xC0A8_500B;
    private static final int TCP = 6;
    private static final int COUNTERS = 16;
    private static final AtomicLong IDS = new AtomicLong(1);

    private final CountersManager counters = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersManager.METADATA_LENGTH)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersManager.COUNTER_LENGTH)),
            StandardCharsets.US_ASCII);
    private final FlowTable flows = FlowTable.inMemory(new TableLayout(1, 1_024));
    private final MemoryNetwork network;
    private final FlowChanges changes;
    private final SyncAgent agent;
    private final List<SyncState> states = new ArrayList<>(List.of(SyncState.SILENT));
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot flow = new FlowSlot();

    /** A new node in this place of the network. */
    MemoryNode(MemoryNetwork network, int place, SyncKey key) {
        this.network = network;
        SharedFlows shared =
                new SharedFlows(flows, new HalfOpenFlows(1 << 20, 1 << 20), new IdleResets(), ChangeRings.create());
        changes = shared.changes().of("agent");
        PublishedTables published = new PublishedTables(
                new ForwardingTables(ServiceTable.of(List.of()), new NextHopTable.Builder().build()));
        TableExchange exchange = new TableExchange(shared, published, network, counters);
        agent = new SyncAgent(network, exchange, network.transport(place), key, () -> IDS.getAndAdd(2), states::add);
    }

    SyncAgent agent() {
        return agent;
    }

    /** All that it ever told of its state. */
    List<SyncState> states() {
        return states;
    }

    /** Opens connection {@code n}, unless it is there. */
    void open(int n) {
        if (find(n) >= 0) {
            return;
        }
        int tick = FlowTable.tick(network.nanoTime());
        int port = 1_024 + n;
        long reply = flows.insert(
                draft.key(ENDPOINT, VIP, 8080 << 16 | port, TCP)
                        .rewrite(VIP, client(n), 80 << 16 | 40_000)
                        .flags(FlowSlot.FLAG_REPLY)
                        .service(7, 1)
                        .tcpState(FlowStates.SYN_SENT),
                tick);
        long forward = flows.insert(
                draft.key(client(n), VIP, 40_000 << 16 | 80, TCP)
                        .rewrite(VIP, ENDPOINT, port << 16 | 8080)
                        .service(7, 1)
                        .tcpState(FlowStates.SYN_SENT)
                        .partner(reply),
                tick);
        flows.link(forward, reply);
        changes.changed(forward, flows.wrap(flow, forward).sequence());
    }

    /** Ends the handshake of a connection, if it is there. */
    void establish(int n) {
        long slot = find(n);
        if (slot >= 0) {
            flows.wrap(flow, slot).tcpState(FlowStates.ESTABLISHED);
            flow.tcpNext(n);
            int sequence = flow.sequence();
            flows.wrap(flow, flows.partner(slot)).tcpState(FlowStates.ESTABLISHED);
            changes.changed(slot, sequence);
        }
    }

    /** Forgets a connection, if it is there. */
    void expire(int n) {
        long slot = find(n);
        if (slot >= 0) {
            int tick = FlowTable.tick(network.nanoTime());
            int sequence = flows.wrap(flow, slot).sequence();
            long reply = flows.partner(slot);
            flows.remove(slot, tick);
            flows.remove(reply, tick);
            changes.removed(slot, sequence);
        }
    }

    /** All connections of this node have a packet. */
    void touchAll() {
        int tick = FlowTable.tick(network.nanoTime());
        FlowWalk walk = flows.walk();
        for (long slot = walk.next(1 << 20); slot >= 0; slot = walk.next(1 << 20)) {
            if (!flows.wrap(flow, slot).isCopy()) {
                flow.lastSeenTick(tick);
            }
        }
    }

    /** Forgets what was silent for so long. */
    void sweep(long timeoutNs) {
        int ticks = FlowTable.ticks(timeoutNs);
        flows.sweep(FlowTable.tick(network.nanoTime()), flows.bucketCount(), each -> ticks);
    }

    /** All directions, with their states and numbers. */
    Set<String> flows() {
        return flows(true);
    }

    /** Those that this node has not from others. */
    Set<String> ownFlows() {
        return flows(false);
    }

    private Set<String> flows(boolean copiesToo) {
        Set<String> all = new TreeSet<>();
        flows.forEachLive(
                (each, slot) -> {
                    if (copiesToo || !each.isCopy()) {
                        all.add(each + " state " + each.tcpState() + " next " + each.tcpNext() + " to "
                                + Integer.toHexString(each.newDestination()) + ":" + each.newPorts());
                    }
                },
                Integer.MAX_VALUE);
        return all;
    }

    long count(String name) {
        long[] value = new long[1];
        counters.forEach((id, label) -> {
            if (label.equals("sync " + name)) {
                value[0] = counters.getCounterValue(id);
            }
        });
        return value[0];
    }

    private long find(int n) {
        int ports = 40_000 << 16 | 80;
        return flows.find(client(n), VIP, ports, TCP, FlowTable.hash(client(n), VIP, ports, TCP));
    }

    private static int client(int n) {
        return 0x0A00_0000 + n;
    }
}
