package io.gatun.forwarder.counters;

import java.util.EnumMap;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/** The counters of one forwarder agent, written by that agent only. */
public final class AgentCounters {
    /** The only label whose value is no sum. */
    public static final String DUTY_CYCLE_MAX = "duty_cycle_max_ns";

    private final AtomicCounter cycles;
    private final AtomicCounter cycleMaxNs;
    private final AtomicCounter batches;
    private final AtomicCounter received;
    private final AtomicCounter receivedBytes;
    private final AtomicCounter transmitted;
    private final AtomicCounter transmittedBytes;
    private final AtomicCounter flowsOpened;
    private final AtomicCounter refusals;
    private final AtomicCounter resetsDoubted;
    private final AtomicCounter flowsReplaced;
    private final AtomicCounter halfOpenGivenUp;
    private final AtomicCounter idleResetsSent;
    private final AtomicCounter idleResetsLost;
    private final EnumMap<DropReason, AtomicCounter> drops = new EnumMap<>(DropReason.class);

    /**
     * Allocates the counters.
     *
     * @param agent prefix of the labels, such as {@code eth0/0}
     */
    public AgentCounters(CountersManager manager, String agent) {
        cycles = manager.newCounter(agent + " duty_cycles");
        cycleMaxNs = manager.newCounter(agent + " " + DUTY_CYCLE_MAX);
        batches = manager.newCounter(agent + " batches");
        received = manager.newCounter(agent + " rx_packets");
        receivedBytes = manager.newCounter(agent + " rx_bytes");
        transmitted = manager.newCounter(agent + " tx_packets");
        transmittedBytes = manager.newCounter(agent + " tx_bytes");
        flowsOpened = manager.newCounter(agent + " flows_opened");
        refusals = manager.newCounter(agent + " refusals_sent");
        resetsDoubted = manager.newCounter(agent + " resets_doubted");
        flowsReplaced = manager.newCounter(agent + " flows_replaced");
        halfOpenGivenUp = manager.newCounter(agent + " half_open_given_up");
        idleResetsSent = manager.newCounter(agent + " idle_resets_sent");
        idleResetsLost = manager.newCounter(agent + " idle_resets_lost");
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, manager.newCounter(agent + " drop_" + reason.label()));
        }
    }

    /** A duty cycle begins. */
    public void cycle() {
        cycles.incrementPlain();
    }

    /** The longest duty cycle of late, in nanoseconds. */
    public void dutyCycleMax(long ns) {
        cycleMaxNs.setPlain(ns);
    }

    /** Packets were received together. */
    public void batch() {
        batches.incrementPlain();
    }

    public long cycles() {
        return cycles.get();
    }

    public void received(long packets, long bytes) {
        received.getAndAddPlain(packets);
        receivedBytes.getAndAddPlain(bytes);
    }

    public void transmitted(long packets, long bytes) {
        transmitted.getAndAddPlain(packets);
        transmittedBytes.getAndAddPlain(bytes);
    }

    public void flowOpened() {
        flowsOpened.incrementPlain();
    }

    /** A RST or port-unreachable was sent. */
    public void refused() {
        refusals.incrementPlain();
    }

    /** A RST was forwarded that is not believed. */
    public void resetDoubted() {
        resetsDoubted.incrementPlain();
    }

    /** A connection that was over has given way to a new one of its addresses. */
    public void flowReplaced() {
        flowsReplaced.incrementPlain();
    }

    /** A half-open connection was given up for another one. */
    public void halfOpenGivenUp() {
        halfOpenGivenUp.incrementPlain();
    }

    /** An end of a connection that was idle for too long was told so. */
    public void idleResetSent() {
        idleResetsSent.incrementPlain();
    }

    /** Ends of such connections could not be told. */
    public void idleResetsLost(long count) {
        if (count > 0) {
            idleResetsLost.getAndAddPlain(count);
        }
    }

    public void dropped(DropReason reason) {
        drops.get(reason).incrementPlain();
    }

    public void dropped(DropReason reason, long packets) {
        drops.get(reason).getAndAddPlain(packets);
    }

    /** Packets dropped for this reason so far. */
    public long drops(DropReason reason) {
        return drops.get(reason).get();
    }

    public long received() {
        return received.get();
    }

    public long transmitted() {
        return transmitted.get();
    }
}
