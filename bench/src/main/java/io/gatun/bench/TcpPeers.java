package io.gatun.bench;

import io.gatun.bench.cases.CrrBench;
import io.gatun.bench.cases.CrrPlan;
import io.gatun.bench.cases.CrrReport;
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

    /** Measures requests, one or many of each connection. @return the exit code */
    int requests(CrrPlan.Requests requests, CaseOptions options) throws IOException {
        int rounds = options.rounds();
        CrrPlan plan =
                options.plan(() -> options.quick() ? CrrPlan.quick(requests, rounds) : CrrPlan.full(requests, rounds));
        options.begin();
        CrrReport report = new CrrBench(plan, contenders(), System.err).run();
        return options.report(report.text(), report.result());
    }

    List<TcpContender> contenders() {
        return List.of(new GatunTcp(io), new NftablesTcp(), new HaproxyTcp(), new NginxTcp());
    }
}
