package io.gatun.bench.peers;

import io.gatun.forwarder.agent.ForwarderOptions;

/** Gatun with an agent for each queue, each bound to the CPU of its queue; they sleep when there is nothing to do. */
public final class GatunQueues implements Contender {
    @Override
    public String name() {
        return "gatun";
    }

    @Override
    public String setup() {
        return "AF_XDP, one-arm with the VIP as source; each agent bound to the CPU of its queue, asleep when idle";
    }

    @Override
    public Running start(Testbed bed) {
        GatunNode.Arguments arguments = GatunNode.Arguments.of(bed, ForwarderOptions.Idle.POLL, 0);
        GatunProcess process = GatunProcess.start(bed.lb(), arguments);
        try {
            process.bind(bed.forwardingCpus());
            process.pinAgents(bed.forwardingCpus());
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
        return process;
    }
}
