package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.frame.FramePort;
import org.agrona.concurrent.IdleStrategy;

/** Spins, for a moment or for ever, then sleeps in poll(2) until a frame comes or some time has passed. */
final class AgentIdle implements IdleStrategy {
    private static final int SLEEP_MS = 1;

    /** Long enough to cost nothing, short enough for a stop to be prompt. */
    private static final int LONG_SLEEP_MS = 100;

    private static final int SHORT_SLEEPS = 100;

    private final CurrentSettings settings;
    private final boolean maySpin;
    private final FramePort port;
    private final ForwarderAgent agent;
    private int idleCycles;

    /** @param maySpin whether it never sleeps while the settings say so */
    AgentIdle(CurrentSettings settings, boolean maySpin, FramePort port, ForwarderAgent agent) {
        this.settings = settings;
        this.maySpin = maySpin;
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
        Settings now = settings.current();
        if (maySpin && now.spin()) {
            Thread.onSpinWait();
            return;
        }
        idleCycles++;
        if (idleCycles < now.idleSpins()) {
            Thread.onSpinWait();
        } else if (port.await(sleepMs(now.idleSpins()))) {
            reset();
        }
    }

    private int sleepMs(int spins) {
        return agent.holdsFrames() || idleCycles < spins + SHORT_SLEEPS ? SLEEP_MS : LONG_SLEEP_MS;
    }

    @Override
    public void reset() {
        idleCycles = 0;
    }
}
