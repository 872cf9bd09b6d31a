package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.NatSource;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.SynSignals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/** Turns tables into the values that callers see. Runs on the conductor's thread. */
final class Snapshots {
    private static final int ICMPV6 = 58;

    private final ServiceBook services;
    private final FlowTable flows;
    private final NanoClock clock;
    private final boolean exchange;

    /** @param exchange whether other nodes are told of connections */
    Snapshots(ServiceBook services, FlowTable flows, NanoClock clock, boolean exchange) {
        this.services = services;
        this.flows = flows;
        this.clock = clock;
        this.exchange = exchange;
    }

    List<ServiceSnapshot> services() {
        Map<Integer, EndpointTotals> totals = new HashMap<>();
        for (ServiceBook.Entry entry : services.entries()) {
            totals.put(entry.id(), entry.totals().copy());
        }
        flows.forEachLive(
                (flow, slot) -> {
                    EndpointTotals total = totals.get(flow.serviceId());
                    if (total != null && FlowStates.isConnection(flow.tcpState())) {
                        total.add(flow.endpointIndex(), flow.packets(), flow.bytes(), flow.isReply() ? 0 : 1);
                    }
                },
                Integer.MAX_VALUE);
        List<ServiceSnapshot> snapshots = new ArrayList<>();
        for (ServiceBook.Entry entry : services.entries()) {
            snapshots.add(snapshot(entry, totals.get(entry.id())));
        }
        return snapshots;
    }

    List<ConnectionSnapshot> connections(int limit) {
        List<ConnectionSnapshot> snapshots = new ArrayList<>();
        int nowTick = FlowTable.tick(clock.nanoTime());
        flows.forEachLive(
                (flow, slot) -> {
                    if (FlowStates.isConnection(flow.tcpState()) && snapshots.size() < limit) {
                        snapshots.add(snapshot(flow, nowTick));
                    }
                },
                Integer.MAX_VALUE);
        return snapshots;
    }

    List<EndpointSignals> signals() {
        List<EndpointSignals> all = new ArrayList<>();
        for (ServiceBook.Entry entry : services.entries()) {
            SynSignals signals = entry.signals();
            for (EndpointSpec endpoint : entry.spec().endpoints()) {
                int id = entry.endpointId(endpoint);
                all.add(new EndpointSignals(
                        entry.spec().key(),
                        endpoint.address(),
                        endpoint.port(),
                        signals.refused(id),
                        signals.unreachable(id),
                        signals.unanswered(id),
                        signals.lastAnswer(id),
                        entry.drains().isDrained(id)));
            }
        }
        return all;
    }

    /** Of the services whose packets get a source port of ours. */
    Map<ServiceKey, NatSource> natSources() {
        Map<ServiceKey, NatSource> sources = new HashMap<>();
        for (ServiceBook.Entry entry : services.entries()) {
            NatMode mode = entry.spec().mode();
            if (mode != NatMode.DNAT && mode != NatMode.DSR) {
                SnatChoice snat = entry.snat();
                sources.put(
                        entry.spec().key(),
                        new NatSource(snat.address(), snat.ports().size()));
            }
        }
        return sources;
    }

    private ServiceSnapshot snapshot(ServiceBook.Entry entry, EndpointTotals totals) {
        List<EndpointSnapshot> endpoints = new ArrayList<>();
        for (EndpointSpec endpoint : entry.spec().endpoints()) {
            int id = entry.endpointId(endpoint);
            endpoints.add(new EndpointSnapshot(
                    endpoint, entry.usable(endpoint), totals.packets(id), totals.bytes(id), totals.flows(id)));
        }
        return new ServiceSnapshot(entry.spec(), entry.survivesTakeover(exchange), endpoints);
    }

    private ConnectionSnapshot snapshot(FlowSlot flow, int nowTick) {
        ServiceBook.Entry entry = services.byId(flow.serviceId());
        ServiceSpec spec = entry == null ? null : entry.spec();
        return new ConnectionSnapshot(
                protocol(flow.protocol()),
                FlowAddresses.source(flow),
                flow.sourcePort(),
                FlowAddresses.destination(flow),
                flow.destinationPort(),
                FlowStates.name(flow.tcpState()),
                flow.isReply(),
                spec == null ? NatMode.DNAT : spec.mode(),
                FlowAddresses.newSource(flows, flow),
                flow.newPorts() >>> 16,
                FlowAddresses.newDestination(flows, flow),
                flow.newPorts() & 0xFFFF,
                flow.packets(),
                flow.bytes(),
                idleS(flow, nowTick),
                spec);
    }

    /** ICMPv6 is the ICMP of IPv6. */
    static Protocol protocol(int number) {
        return number == ICMPV6 ? Protocol.ICMP : Protocol.ofNumber(number);
    }

    private static long idleS(FlowSlot flow, int nowTick) {
        return TimeUnit.NANOSECONDS.toSeconds(FlowTable.ticksToNs(Math.max(0, nowTick - flow.lastSeenTick())));
    }
}
