package io.gatun.bench.peers;

import io.gatun.forwarder.agent.ForwarderOptions;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.Protocol;

/** Gatun's forwarder as a process of its own, not pinned, asleep when there is nothing to do. */
public final class GatunTcp implements TcpContender {
    private final IoEngine io;

    /** Gatun with this engine. */
    public GatunTcp(IoEngine io) {
        this.io = io;
    }

    @Override
    public String name() {
        return "gatun";
    }

    @Override
    public String setup() {
        return "io " + io.text() + ", one-arm with the VIP as source, sleeps when idle";
    }

    @Override
    public Contender.Running start(TcpBed bed) {
        GatunNode.Arguments arguments = new GatunNode.Arguments(
                TcpBed.DEVICE, Protocol.TCP, TcpBed.PORT, TcpBed.PORT, ForwarderOptions.Idle.POLL, 0, io);
        return GatunProcess.start(bed.lb(), arguments);
    }
}
