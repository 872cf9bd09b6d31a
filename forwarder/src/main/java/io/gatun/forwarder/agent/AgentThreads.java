package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.RealTime;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the agents of interfaces get their CPU time: what they do when nothing waits, and whether they go before others.
 *
 * <p>An agent with a real-time priority (SCHED_FIFO, sched(7)) goes before the NAPI thread that receives for it on the
 * same CPU. That one then has the time that the agent leaves, and receives no more than the agent can send: with equal
 * rights both have half, and what the kernel receives beyond the agent's share is work thrown away.
 */
final class AgentThreads {
    private static final Logger LOG = LoggerFactory.getLogger(AgentThreads.class);

    private final Libc libc;
    private final CurrentSettings settings;
    private final int priority;

    /**
     * Checks what is asked for.
     *
     * @throws RejectedException when a priority makes no sense, or this process may not have it
     */
    AgentThreads(Libc libc, CurrentSettings settings, int priority) {
        this.libc = libc;
        this.settings = settings;
        this.priority = priority;
        check(settings.current());
        if (priority > 0) {
            checkPriority();
        }
    }

    /** @throws RejectedException when agents cannot run so with their priority */
    void check(Settings wanted) {
        if (priority > 0 && wanted.spin()) {
            throw rejected("an agent that never sleeps would keep all else from its CPU", "give --idle poll");
        }
    }

    /** What agents read when a duty cycle begins. */
    CurrentSettings settings() {
        return settings;
    }

    /** Packets of one poll of NAPI by the agents of this interface under these settings, 0 where they sleep. */
    static int busyPollBudget(Settings settings, String interfaceName) {
        return settings.spin() && maySpin(interfaceName) ? settings.busyPollBudget() : 0;
    }

    /** Those of the local pair always sleep: a core is given up for what comes from outside. */
    private static boolean maySpin(String interfaceName) {
        return !interfaceName.equals(LocalPair.POLLED_SIDE);
    }

    /** What the agent does when nothing waits. */
    IdleStrategy idle(String interfaceName, FramePort port, ForwarderAgent agent) {
        return new AgentIdle(settings, maySpin(interfaceName), port, agent);
    }

    /** Starts the agent on a thread of its own. */
    void start(AgentRunner runner) {
        AgentRunner.startOnThread(
                runner,
                RealTime.threads(
                        libc,
                        Thread::new,
                        priority,
                        errno -> LOG.warn(
                                "{} runs without a priority: {}",
                                Thread.currentThread().getName(),
                                Errno.describe(errno))));
    }

    private void checkPriority() {
        RealTime realTime = new RealTime(libc);
        int result = realTime.take(priority);
        if (result < 0) {
            throw rejected(
                    "this process may not (sched_setscheduler: " + Errno.describe(-result) + ")",
                    "give it CAP_SYS_NICE, or leave the option out");
        }
        realTime.giveUp();
    }

    private RejectedException rejected(String reason, String cure) {
        return new RejectedException(
                RejectedException.Kind.INVALID, "agent-priority=" + priority + ", " + reason + ", " + cure);
    }
}
