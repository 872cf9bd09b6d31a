package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
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

    /** Of include/uapi/linux/sched.h. */
    private static final int SCHED_OTHER = 0;

    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RESET_ON_FORK = 0x4000_0000;

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
                agent -> new Thread(() -> {
                    if (priority > 0) {
                        int result = schedule(SCHED_FIFO | SCHED_RESET_ON_FORK, priority);
                        if (result < 0) {
                            LOG.warn(
                                    "{} runs without a priority: {}",
                                    Thread.currentThread().getName(),
                                    Errno.describe(-result));
                        }
                    }
                    agent.run();
                }));
    }

    private void checkPriority() {
        int result = schedule(SCHED_FIFO | SCHED_RESET_ON_FORK, priority);
        if (result < 0) {
            throw rejected(
                    "this process may not (sched_setscheduler: " + Errno.describe(-result) + ")",
                    "give it CAP_SYS_NICE, or leave the option out");
        }
        schedule(SCHED_OTHER, 0);
    }

    private RejectedException rejected(String reason, String cure) {
        return new RejectedException(
                RejectedException.Kind.INVALID, "agent-priority=" + priority + ", " + reason + ", " + cure);
    }

    /** Of the calling thread. */
    private int schedule(int policy, int wanted) {
        UnsafeBuffer param = new UnsafeBuffer(Memory.allocate(Integer.BYTES));
        param.putInt(0, wanted);
        return libc.sched_setscheduler(0, policy, param.addressOffset());
    }
}
