package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.pipeline.Pipeline;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;

/**
 * Moves the packets of one receive queue. One that fails ends: it does not go on with a batch of which it is unknown what
 * became of it. Its port is closed then, and the steering program drops what is ours.
 */
public final class ForwarderAgent implements Agent {
    private final String name;
    private final NanoClock clock;
    private final FramePort port;
    private final Pipeline pipeline;
    private final AgentCounters counters;
    private final EgressPorts egress;
    private final CurrentSettings settings;
    private final DutyCycle dutyCycle = new DutyCycle();
    private final FrameBatch batch = new FrameBatch();
    private long overrunsSeen;

    /**
     * An agent that owns this port and closes it at its end.
     *
     * @param name interface and queue, such as {@code eth0/0}
     */
    public ForwarderAgent(String name, NanoClock clock, FramePort port, Pipeline pipeline, AgentCounters counters) {
        this(name, clock, port, pipeline, counters, new EgressPorts(), new CurrentSettings(Settings.DEFAULT));
    }

    /** An agent that also looks after the interfaces by which its pipeline sends. */
    ForwarderAgent(
            String name,
            NanoClock clock,
            FramePort port,
            Pipeline pipeline,
            AgentCounters counters,
            EgressPorts egress,
            CurrentSettings settings) {
        this.name = name;
        this.clock = clock;
        this.port = port;
        this.pipeline = pipeline;
        this.counters = counters;
        this.egress = egress;
        this.settings = settings;
    }

    @Override
    public int doWork() {
        try {
            counters.cycle();
            long nowNs = clock.nanoTime();
            dutyCycle.begin(nowNs);
            counters.dutyCycleMax(dutyCycle.maxNs());
            batch.limit(settings.current().batchSize());
            egress.closeRemoved();
            if (pipeline.holdsFrames()) {
                pipeline.reviewHeld(nowNs); // first, so that no later packet overtakes what waited
            }
            int resets = pipeline.sendIdleResets(nowNs);
            int work = forwardBatch(nowNs) + resets;
            dutyCycle.worked(work > 0);
            return work;
        } catch (RuntimeException e) {
            throw new AgentTerminationException(e);
        }
    }

    private int forwardBatch(long nowNs) {
        int received = port.receive(batch);
        if (received > 0) {
            counters.batch();
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

    /** What this agent reads when a duty cycle begins. */
    CurrentSettings settings() {
        return settings;
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
