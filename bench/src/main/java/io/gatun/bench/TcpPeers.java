package io.gatun.bench;

import io.gatun.bench.cases.CrrBench;
import io.gatun.bench.cases.CrrPlan;
import io.gatun.bench.peers.GatunTcp;
import io.gatun.bench.peers.HaproxyTcp;
import io.gatun.bench.peers.NftablesTcp;
import io.gatun.bench.peers.NginxTcp;
import io.gatun.bench.peers.TcpContender;
import io.gatun.forwarder.control.IoEngine;
import java.io.IOException;
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

    /** Measures requests, one or many of each connection, or both. @return the exit code */
    int requests(List<CrrPlan.Requests> requests, CaseOptions options) throws IOException {
        int rounds = options.rounds();
        List<CrrPlan> plans = options.plan(() -> requests.stream()
                .map(each -> options.quick() ? CrrPlan.quick(each, rounds) : CrrPlan.full(each, rounds))
                .toList());
        options.begin();
        return options.report(new CrrBench(plans, contenders(), System.err).run());
    }

    List<TcpContender> contenders() {
        return List.of(new GatunTcp(io), new NftablesTcp(), new HaproxyTcp(), new NginxTcp());
    }
}
