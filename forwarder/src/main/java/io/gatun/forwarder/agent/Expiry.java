package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.ExpiryPolicy;
import io.gatun.forwarder.conntrack.FlowChanges;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.SharedFlows;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends idle connections, a part of the table each cycle, and keeps what they moved. */
final class Expiry implements ExpiryPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    /** For what does not last when the table is nearly full. */
    private static final int PRESSED_TIMEOUT_TICKS = ticks(1);

    /** For flows of datagrams and echoes whose service is unknown: contract section 3.6. */
    private static final int ORPHAN_UDP_TIMEOUT_TICKS = ticks(10);

    private static final int ORPHAN_ECHO_TIMEOUT_TICKS = ticks(20);

    /** Entries that a connection has in the table. */
    private static final int DIRECTIONS = 2;

    private static final int ONE_WAY = FlowSlot.FLAG_DIRECT | FlowSlot.FLAG_TUNNEL;

    private final FlowTable flows;
    private final ServiceBook services;
    private final SharedFlows shared;
    private final FlowChanges changes;
    private final AtomicCounter connections;
    private final CurrentSettings current;
    private Settings settings;
    private long nextStepNs;
    private long nowNs;
    private boolean pressed;

    /** @param connections shows how many there are */
    Expiry(SharedFlows shared, ServiceBook services, AtomicCounter connections, CurrentSettings current) {
        this.connections = connections;
        this.shared = shared;
        this.flows = shared.table();
        this.services = services;
        this.current = current;
        this.settings = current.current();
        this.changes = shared.changes().of("conductor");
    }

    private static int ticks(int seconds) {
        return FlowTable.ticks(TimeUnit.SECONDS.toNanos(seconds));
    }

    int sweep(long timeNs) {
        if (timeNs - nextStepNs < 0) {
            return 0;
        }
        nowNs = timeNs;
        settings = current.current();
        long live = flows.liveCount();
        connections.setRelease(live / DIRECTIONS);
        pressed = live > flows.capacity() / 4 * 3;
        nextStepNs = nowNs + FlowTable.SWEEP_STEP_NS;
        flows.sweepStep(FlowTable.tick(nowNs), this);
        return 1;
    }

    @Override
    public int timeoutTicks(FlowSlot flow) {
        int state = flow.tcpState();
        boolean oneWay = (flow.flags() & ONE_WAY) != 0;
        if (!FlowStates.isLasting(state, oneWay)) {
            if (pressed) {
                return PRESSED_TIMEOUT_TICKS;
            }
            return switch (state) {
                case FlowStates.FRAGMENTS -> ticks(settings.timeouts().fragmentsS());
                case FlowStates.CLIENT -> ticks(settings.timeouts().persistenceS());
                case FlowStates.UDP_ONE_WAY, FlowStates.ECHO_REQUESTED ->
                    ticks(settings.timeouts().unansweredS());
                default -> ticks(settings.timeouts().handshakeS());
            };
        }
        ServiceBook.Entry entry = services.byId(flow.serviceId());
        if (entry != null) {
            return entry.idleTimeoutTicks();
        }
        return switch (state) {
            case FlowStates.UDP_ONE_WAY, FlowStates.UDP_ESTABLISHED -> ORPHAN_UDP_TIMEOUT_TICKS;
            case FlowStates.ECHO_REQUESTED, FlowStates.ECHO_ANSWERED -> ORPHAN_ECHO_TIMEOUT_TICKS;
            default -> ticks(settings.timeouts().orphanS());
        };
    }

    @Override
    public void visited(FlowSlot flow) {
        if (!flow.isReply() && FlowStates.isOpen(flow.tcpState())) {
            ServiceBook.Entry entry = services.byId(flow.serviceId());
            if (entry != null) {
                entry.open().seen(flow.endpointIndex());
            }
        }
    }

    @Override
    public void roundComplete() {
        for (ServiceBook.Entry entry : services.entries()) {
            entry.open().countComplete();
            reportDrained(entry);
        }
    }

    @Override
    public void removed(FlowSlot flow, long slotId) {
        if (!flow.isReply()) {
            changes.removed(slotId, flow.sequence());
        }
    }

    @Override
    public void expired(FlowSlot flow) {
        int state = flow.tcpState(); // forgetting it as half open changes that
        shared.halfOpen().forget(flow);
        ServiceBook.Entry entry = services.byId(flow.serviceId());
        if (entry != null && FlowStates.isConnection(state)) {
            entry.totals().add(flow.endpointIndex(), flow.packets(), flow.bytes(), 0);
            if (!flow.isReply() && !flow.isCopy() && FlowStates.isUnanswered(state)) {
                entry.signals().addUnanswered(flow.endpointIndex());
            }
        }
    }

    private static void reportDrained(ServiceBook.Entry entry) {
        List<EndpointSpec> endpoints = entry.spec().endpoints();
        for (int i = 0; i < endpoints.size(); i++) {
            EndpointSpec endpoint = endpoints.get(i);
            int id = entry.endpointId(i);
            if (entry.drains().endRound(id, entry.open().count(id), endpoint.weight() == 0)) {
                LOG.info(
                        "endpoint {} of {} is drained: its last connection has ended",
                        AddressText.of(endpoint.address(), endpoint.port()),
                        entry.text());
            }
        }
    }

    /** On a node that is not the master the connection may be alive and well elsewhere. */
    @Override
    public void expired(FlowSlot flow, FlowSlot other) {
        FlowSlot client = flow.isReply() ? other : flow;
        record(client, flow.packets() + other.packets(), flow.bytes() + other.bytes());
        if (isToBeTold(flow)) {
            shared.resets().queue(flow, nowNs);
            shared.resets().queue(other, nowNs);
        }
    }

    /** With direct server return only the client is told: nobody here knows what the endpoint expects. */
    @Override
    public void expiredAlone(FlowSlot flow) {
        record(flow, flow.packets(), flow.bytes());
        if (isToBeTold(flow) && (flow.flags() & ONE_WAY) != 0) {
            shared.resets().queue(flow, nowNs);
        }
    }

    private void record(FlowSlot client, long packets, long bytes) {
        long threshold = settings.flowEventBytes();
        if (threshold > 0 && bytes >= threshold) {
            ServiceBook.Entry entry = services.byId(client.serviceId());
            FlowEvent.commit(client, entry == null ? "" : entry.text(), packets, bytes);
        }
    }

    private boolean isToBeTold(FlowSlot flow) {
        ServiceBook.Entry entry = services.byId(flow.serviceId());
        return entry != null && FlowStates.isOpenTcp(flow.tcpState()) && services.admitsNewFlows(entry.spec());
    }
}
