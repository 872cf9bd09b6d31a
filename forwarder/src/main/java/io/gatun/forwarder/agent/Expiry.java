package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.ExpiryPolicy;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.pipeline.FlowStates;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends idle connections, a part of the table each cycle, and keeps what they moved. */
final class Expiry implements ExpiryPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    /** The whole table is swept about once in this time. */
    private static final long ROUND_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** For connections that never were, or no longer are, established: contract section 3.6. */
    private static final int SHORT_TIMEOUT_TICKS = FlowTable.ticks(TimeUnit.SECONDS.toNanos(10));

    /** For datagrams in fragments: those of one datagram come within a few milliseconds of each other. */
    private static final int FRAGMENTS_TIMEOUT_TICKS = FlowTable.ticks(TimeUnit.SECONDS.toNanos(2));

    /** For connections whose service is unknown, after a restart say: contract section 3.6. */
    private static final int ORPHAN_TIMEOUT_TICKS = FlowTable.ticks(TimeUnit.MINUTES.toNanos(30));

    private final FlowTable flows;
    private final ServiceBook services;
    private long nextStepNs;
    private long sweptBuckets;

    Expiry(FlowTable flows, ServiceBook services) {
        this.flows = flows;
        this.services = services;
    }

    int sweep(long nowNs) {
        if (nowNs - nextStepNs < 0) {
            return 0;
        }
        nextStepNs = nowNs + STEP_NS;
        int budget = (int) (flows.capacity() / TableLayout.SLOTS_PER_BUCKET * STEP_NS / ROUND_NS) + 1;
        flows.sweep(FlowTable.tick(nowNs), budget, this);
        sweptBuckets += budget;
        if (sweptBuckets >= flows.capacity() / TableLayout.SLOTS_PER_BUCKET) {
            sweptBuckets = 0;
            endRound();
        }
        return 1;
    }

    @Override
    public int timeoutTicks(FlowSlot flow) {
        if (flow.tcpState() == FlowStates.FRAGMENTS) {
            return FRAGMENTS_TIMEOUT_TICKS;
        }
        if (!FlowStates.isLasting(flow.tcpState())) {
            return SHORT_TIMEOUT_TICKS;
        }
        ServiceBook.Entry entry = services.byId(flow.serviceId());
        if (entry == null) {
            return ORPHAN_TIMEOUT_TICKS;
        }
        entry.drains().see(flow.endpointIndex());
        return entry.idleTimeoutTicks();
    }

    @Override
    public void expired(FlowSlot flow) {
        ServiceBook.Entry entry = services.byId(flow.serviceId());
        if (entry != null && flow.tcpState() != FlowStates.FRAGMENTS) {
            entry.totals().add(flow.endpointIndex(), flow.packets(), flow.bytes(), 0);
            if (!flow.isReply() && FlowStates.isUnanswered(flow.tcpState())) {
                entry.signals().addUnanswered(flow.endpointIndex());
            }
        }
    }

    /** All connections have been met since the last time. */
    private void endRound() {
        for (ServiceBook.Entry entry : services.entries()) {
            for (EndpointSpec endpoint : entry.spec().endpoints()) {
                if (entry.drains().endRound(entry.endpointId(endpoint), endpoint.weight() == 0)) {
                    LOG.info(
                            "endpoint {} of {} is drained: its last connection has ended",
                            AddressText.of(endpoint.address(), endpoint.port()),
                            entry.text());
                }
            }
        }
    }
}
