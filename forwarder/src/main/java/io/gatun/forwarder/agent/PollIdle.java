package io.gatun.forwarder.agent;

import io.gatun.forwarder.frame.FramePort;
import org.agrona.concurrent.IdleStrategy;

/** Spins for a moment, then sleeps in poll(2) until a frame comes or a millisecond has passed. */
final class PollIdle implements IdleStrategy {
    /** Few: where the kernel receives on the CPU of the agent, spinning keeps it from that. */
    private static final int SPINS = 10;

    private static final int SLEEP_MS = 1;

    /** Long enough to cost nothing, short enough for a stop to be prompt. */
    private static final int LONG_SLEEP_MS = 100;

    private static final int SHORT_SLEEPS = 100;

    private final FramePort port;
    private final ForwarderAgent agent;
    private int idleCycles;

    PollIdle(FramePort port, ForwarderAgent agent) {
        this.port = port;
        this.agent = agent;
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        idleCycles++;
        if (idleCycles < SPINS) {
            Thread.onSpinWait();
        } else if (port.await(agent.holdsFrames() || idleCycles < SPINS + SHORT_SLEEPS ? SLEEP_MS : LONG_SLEEP_MS)) {
            reset();
        }
    }

    @Override
    public void reset() {
        idleCycles = 0;
    }
}
