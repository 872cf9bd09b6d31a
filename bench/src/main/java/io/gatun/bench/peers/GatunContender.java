package io.gatun.bench.peers;

import io.gatun.forwarder.agent.ForwarderOptions;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.Protocol;

/** Gatun's forwarder as a process of its own: all of its threads, HotSpot's too, share the forwarding CPU. */
public final class GatunContender implements Contender {
    @Override
    public String name() {
        return "gatun";
    }

    @Override
    public String setup() {
        return "AF_XDP, one-arm with the VIP as source, busy polling; the whole JVM bound to the CPU";
    }

    @Override
    public Running start(Testbed bed) {
        GatunNode.Arguments arguments = new GatunNode.Arguments(
                Testbed.DEVICE,
                Protocol.UDP,
                Testbed.SERVICE_PORT,
                Testbed.ENDPOINT_PORT,
                ForwarderOptions.Idle.SPIN,
                IoEngine.XDP);
        return GatunProcess.start(bed.lb(), Integer.toString(bed.forwardingCpu().number()), arguments);
    }
}
