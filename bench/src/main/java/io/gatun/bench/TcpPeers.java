package io.gatun.bench;

import io.gatun.bench.peers.GatunTcp;
import io.gatun.bench.peers.HaproxyTcp;
import io.gatun.bench.peers.NftablesTcp;
import io.gatun.bench.peers.NginxTcp;
import io.gatun.bench.peers.TcpContender;
import io.gatun.forwarder.control.IoEngine;
import java.util.List;
import picocli.CommandLine.Option;

/** Who forwards TCP in turns: Gatun, and the peers that it is measured beside. */
final class TcpPeers {
    @Option(
            names = "--io",
            paramLabel = "auto|xdp|raw",
            defaultValue = "auto",
            description = "Gatun's engine (default ${DEFAULT-VALUE}).")
    private IoEngine io;

    List<TcpContender> contenders() {
        return List.of(new GatunTcp(io), new NftablesTcp(), new HaproxyTcp(), new NginxTcp());
    }
}
