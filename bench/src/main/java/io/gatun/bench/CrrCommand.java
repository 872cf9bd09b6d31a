package io.gatun.bench;

import io.gatun.bench.cases.CrrPlan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench crr}. */
@Command(
        name = "crr",
        description = "Short HTTP connections a second through one VIP across a bridge, and for each CPU second: Gatun,"
                + " nftables DNAT+SNAT, HAProxy in TCP mode, nginx stream, in turns. Needs root.",
        mixinStandardHelpOptions = true)
final class CrrCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Mixin
    private TcpPeers peers;

    @Override
    public Integer call() throws IOException {
        return peers.requests(List.of(CrrPlan.Requests.ONE_EACH), options);
    }
}
