package io.gatun.bench;

import io.gatun.bench.cases.CrrPlan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench requests}. */
@Command(
        name = "requests",
        description = "crr and rps on one start of each contender in each round. Needs root.",
        mixinStandardHelpOptions = true)
final class RequestsCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Mixin
    private TcpPeers peers;

    @Override
    public Integer call() throws IOException {
        return peers.requests(List.of(CrrPlan.Requests.values()), options);
    }
}
