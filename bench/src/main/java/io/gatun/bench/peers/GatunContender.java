package io.gatun.bench.peers;

import io.gatun.forwarder.agent.ForwarderOptions;

/**
 * Gatun's forwarder as a process of its own: all of its threads, HotSpot's too, share the forwarding CPU
 * once what is hot has been compiled.
 *
 * <p>AF_XDP cannot busy-poll veth (its receive queues name no NAPI, so that the socket has no NAPI id; seen with Linux
 * 6.18), and without more the sender's softirq receives, on the generator's CPU. So the device gets a NAPI thread on the
 * forwarding CPU, as nftables does, and the agent sleeps when idle, to leave that thread
 * the CPU, and otherwise goes before it: what it cannot send need not be received.
 */
public final class GatunContender implements Contender {
    static final int AGENT_PRIORITY = 1;

    private final boolean receiveAtSender;

    /** A contender that receives, forwards and sends on the forwarding CPU. */
    public GatunContender() {
        this(false);
    }

    /** @param receiveAtSender whether the kernel's receiving side stays on the generator's CPU, and the agent spins */
    public GatunContender(boolean receiveAtSender) {
        this.receiveAtSender = receiveAtSender;
    }

    @Override
    public String name() {
        return "gatun";
    }

    @Override
    public String setup() {
        return "AF_XDP, one-arm with the VIP as source; the whole JVM bound to the CPU after the warm-up, "
                + (receiveAtSender
                        ? "spinning; the kernel receives on the CPU of the generator"
                        : "asleep when idle, before all else on the CPU (--agent-priority); threaded NAPI pinned to it too");
    }

    @Override
    public Running start(Testbed bed) {
        GatunNode.Arguments arguments = GatunNode.Arguments.of(
                bed,
                receiveAtSender ? ForwarderOptions.Idle.SPIN : ForwarderOptions.Idle.POLL,
                receiveAtSender ? 0 : AGENT_PRIORITY);
        GatunProcess process = GatunProcess.start(bed.lb(), arguments);
        try {
            NapiThread napi = receiveAtSender ? null : NapiThread.start(bed.lb(), bed.forwardingCpu());
            return new OnOneCpu(process, napi, bed.forwardingCpu());
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }
}
