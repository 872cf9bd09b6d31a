package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.agent.ForwarderAgent;
import io.gatun.forwarder.conntrack.ChangeRings;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.MemoryPort;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import io.gatun.forwarder.sync.TableExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;

/** A forwarder agent and its pipeline over memory: a packet in, a packet out, and what was counted. Time stands still until told. */
public final class PipelineRig {
    private static final int COUNTERS = 128;

    /** So many that no test meets the limit which does not ask for it. */
    private static final int HALF_OPEN_MANY = 1 << 26;

    private final CountersManager manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersManager.METADATA_LENGTH)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(COUNTERS * CountersManager.COUNTER_LENGTH)),
            StandardCharsets.US_ASCII);
    private final AgentCounters counters = new AgentCounters(manager, "rig/0");
    private final MemoryPort port;
    private final FlowTable flows;
    private final SharedFlows shared;
    private final PublishedTables published;
    private final ForwarderAgent agent;
    private final List<Long> asked = new ArrayList<>();
    private final MemoryEgress exits = new MemoryEgress();
    private final Map<String, Integer> ids = new TreeMap<>();
    private Map<String, Long> before = Map.of();
    private boolean noting = true;
    private ServiceTable services;
    private NextHopTable nextHops;
    private LocalDelivery local = LocalDelivery.NONE;
    private Trace trace;
    private AccessList access = AccessList.EVERYBODY;
    private long nowNs = TimeUnit.HOURS.toNanos(1);

    public PipelineRig(ServiceDraft... services) {
        this(new TableLayout(1, 64), 512, services);
    }

    /** A rig with a connection table of this shape and so many frames. */
    public PipelineRig(TableLayout layout, int frames, ServiceDraft... drafts) {
        this(layout, frames, HALF_OPEN_MANY, drafts);
    }

    /** A rig with so many half-open connections at most, of one source too. */
    public PipelineRig(TableLayout layout, int frames, int halfOpenMax, ServiceDraft... drafts) {
        this(layout, frames, halfOpenMax, ChangeRings.none(), drafts);
    }

    private PipelineRig(TableLayout layout, int frames, int halfOpenMax, ChangeRings changes, ServiceDraft... drafts) {
        port = new MemoryPort(frames);
        flows = FlowTable.inMemory(layout);
        shared = new SharedFlows(flows, new HalfOpenFlows(halfOpenMax, halfOpenMax), new IdleResets(), changes);
        services = table(drafts);
        nextHops = Lan.nextHops().build();
        published = new PublishedTables(new ForwardingTables(services, nextHops));
        Pipeline pipeline = new Pipeline(
                port,
                Packets.GATUN_MAC,
                Lan.INTERFACE,
                shared,
                counters,
                published,
                this::ask,
                exits,
                0,
                changes.of("rig/0"));
        agent = new ForwarderAgent("rig/0", () -> nowNs, port, pipeline, counters);
        before = counts();
    }

    /** A rig whose connections other nodes are told of. */
    public static PipelineRig exchanging(TableLayout layout, int frames, ServiceDraft... drafts) {
        return new PipelineRig(layout, frames, HALF_OPEN_MANY, ChangeRings.create(), drafts);
    }

    /** Makes where its connections go to others and come from them. */
    public TableExchange exchange() {
        return new TableExchange(shared, published, () -> nowNs, manager);
    }

    /** Receives these packets as one batch, and does with each what the pipeline says. */
    public List<WireFrame> receive(Packet... packets) {
        for (Packet packet : packets) {
            port.inject(packet);
        }
        cycle();
        return port.takeSent();
    }

    /** As {@link #receive} of one packet that must come out as exactly one. */
    public WireFrame receiveOne(Packet packet) {
        List<WireFrame> sent = receive(packet);
        assertEquals(1, sent.size(), () -> "frames sent: " + sent + ", counted " + counted());
        return sent.getFirst();
    }

    /** As {@link #receiveOne(Packet)} from an engine that leaves something to the device, see {@code Offload}. */
    public WireFrame receiveOne(Packet packet, int offload) {
        List<WireFrame> sent = receive(packet, offload);
        assertEquals(1, sent.size(), () -> "frames sent: " + sent + ", counted " + counted());
        return sent.getFirst();
    }

    /** As {@link #receive(Packet...)} of one packet of which something is left to the device. */
    public List<WireFrame> receive(Packet packet, int offload) {
        byte[] frame = packet.bytes();
        port.inject(frame, frame.length, offload);
        cycle();
        return port.takeSent();
    }

    /** The other interfaces. */
    public MemoryEgress exits() {
        return exits;
    }

    /** From now on packets can be handed to the host. */
    public PipelineRig localPair() {
        local = new LocalDelivery(Lan.LOCAL_INTERFACE, MemoryEgress.HOST_MAC);
        exits.add(Lan.LOCAL_INTERFACE);
        publish();
        return this;
    }

    /** From now on packets of a trace are shown to it. */
    public PipelineRig trace(Trace wanted) {
        trace = wanted;
        publish();
        return this;
    }

    /** From now on clients of these networks may pass or not. */
    public PipelineRig access(AccessList list) {
        access = list;
        publish();
        return this;
    }

    private void publish() {
        published.publish(new ForwardingTables(services, nextHops, local, trace, access));
    }

    /** One duty cycle of the agent. */
    public int cycle() {
        return agent.doWork();
    }

    public PipelineRig advance(long amount, TimeUnit unit) {
        nowNs += unit.toNanos(amount);
        return this;
    }

    public PipelineRig at(long timeNs) {
        nowNs = timeNs;
        return this;
    }

    public long nowNs() {
        return nowNs;
    }

    /** Replaces the rules. */
    public PipelineRig rules(ServiceDraft... drafts) {
        services = table(drafts);
        publish();
        return this;
    }

    /** Replaces the rules by these, made elsewhere; from any thread. */
    public PipelineRig services(ServiceTable table) {
        services = table;
        publish();
        return this;
    }

    /** Replaces routes and neighbours. */
    public PipelineRig network(NextHopTable table) {
        nextHops = table;
        publish();
        return this;
    }

    /** What was counted since the last call, bytes, batches and duty cycles left out: {@code drop_no_flow 1, rx_packets 1}. */
    public String counted() {
        Map<String, Long> now = counts();
        String deltas = now.entrySet().stream()
                .filter(entry -> !entry.getKey().startsWith("duty_cycle")
                        && !entry.getKey().equals("batches"))
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(entry -> entry.getKey() + " " + (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)))
                .collect(Collectors.joining(", "));
        before = now;
        return deltas;
    }

    /** All counters since the start, by their names without the agent's. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        manager.forEach((id, label) -> {
            String name = label.substring(label.indexOf(' ') + 1);
            if (!name.endsWith("_bytes")) {
                counts.put(name, manager.getCounterValue(id));
            }
        });
        return counts;
    }

    public long count(String name) {
        if (ids.isEmpty()) {
            manager.forEach((id, label) -> ids.put(label.substring(label.indexOf(' ') + 1), id));
        }
        return manager.getCounterValue(ids.get(name));
    }

    /** All drops but those of the transmit ring, which happen to packets that the pipeline has let go. */
    public long drops() {
        return Stream.of(DropReason.values())
                .filter(reason -> reason != DropReason.TX_RING_FULL)
                .mapToLong(counters::drops)
                .sum();
    }

    /** Whether it is noted whose MAC was asked for; otherwise nothing is allocated for it. */
    public PipelineRig noting(boolean wanted) {
        noting = wanted;
        return this;
    }

    private void ask(int ifindex, long high, long low) {
        if (noting) {
            asked.add(NextHopTable.nextHop(ifindex, (int) low));
        }
    }

    /** Next hops whose MAC was asked for, in order. */
    public List<Long> asked() {
        return asked;
    }

    public MemoryPort port() {
        return port;
    }

    public FlowTable flows() {
        return flows;
    }

    public SharedFlows shared() {
        return shared;
    }

    public PublishedTables published() {
        return published;
    }

    public AgentCounters counters() {
        return counters;
    }

    public ForwarderAgent agent() {
        return agent;
    }

    /** States of the live directions, in loxilb's words, such as {@code est est}. */
    public String states() {
        List<String> states = new ArrayList<>();
        flows.forEachLive((flow, slot) -> states.add(FlowStates.name(flow.tcpState())), Integer.MAX_VALUE);
        return String.join(" ", states);
    }

    /** How the endpoints of a service answer. */
    SynSignals signals(int serviceId) {
        return services.signals(serviceId);
    }

    private static ServiceTable table(ServiceDraft... drafts) {
        ServiceTables tables = new ServiceTables();
        Stream.of(drafts)
                .map(ServiceDraft::build)
                .collect(Collectors.groupingBy(Service::id))
                .forEach((id, made) -> tables.put(id, made, new SynSignals()));
        return tables.table(ServiceTable.NEVER);
    }
}
