package io.gatun.forwarder.agent;

import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.pipeline.Pipeline;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** Moves the packets of one receive queue. */
public final class ForwarderAgent implements Agent {
    private final String name;
    private final NanoClock clock;
    private final FramePort port;
    private final Pipeline pipeline;
    private final AgentCounters counters;
    private final FrameBatch batch = new FrameBatch();
    private long overrunsSeen;

    /**
     * An agent that owns this port and closes it at its end.
     *
     * @param name interface and queue, such as {@code eth0/0}
     */
    public ForwarderAgent(String name, NanoClock clock, FramePort port, Pipeline pipeline, AgentCounters counters) {
        this.name = name;
        this.clock = clock;
        this.port = port;
        this.pipeline = pipeline;
        this.counters = counters;
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        if (pipeline.holdsFrames()) {
            pipeline.reviewHeld(nowNs); // first, so that no later packet overtakes what waited
        }
        return forwardBatch(nowNs);
    }

    private int forwardBatch(long nowNs) {
        int received = port.receive(batch);
        if (received > 0) {
            pipeline.process(batch, nowNs);
            port.complete(batch);
            batch.clear();
            countOverruns();
        }
        return received;
    }

    private void countOverruns() {
        long overruns = port.transmitOverruns();
        if (overruns != overrunsSeen) {
            counters.dropped(DropReason.TX_RING_FULL, overruns - overrunsSeen);
            overrunsSeen = overruns;
        }
    }

    /** Whether frames wait for a neighbour, so that the agent must not sleep long. */
    boolean holdsFrames() {
        return pipeline.holdsFrames();
    }

    @Override
    public void onClose() {
        port.close();
    }

    @Override
    public String roleName() {
        return "forwarder " + name;
    }
}
