package io.gatun.bench;

import io.gatun.bench.cases.QueuesBench;
import io.gatun.bench.cases.QueuesPlan;
import io.gatun.bench.cases.QueuesReport;
import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench queues}. */
@Command(
        name = "queues",
        description = "Packets per second with two receive queues on two cores, beside one queue on one core: UDP,"
                + " one VIP, one-arm. Needs root and two CPUs.",
        mixinStandardHelpOptions = true)
final class QueuesCommand implements Callable<Integer> {
    @Mixin
    private CaseOptions options;

    @Option(
            names = "--cpus",
            paramLabel = "N,M",
            split = ",",
            defaultValue = "0,1",
            description = "CPUs of the two queues, the first even, the second odd (default ${DEFAULT-VALUE}).")
    private List<Integer> cpus;

    @Option(
            names = "--flows",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many flows, 1-1000000 (default ${DEFAULT-VALUE}).")
    private int flows;

    @Option(
            names = "--frame-bytes",
            paramLabel = "N",
            defaultValue = "64",
            description = "Length of the frames with FCS, 64-1518, even (default ${DEFAULT-VALUE}).")
    private int frameBytes;

    @Override
    public Integer call() throws IOException {
        QueuesPlan plan = plan();
        options.begin();
        QueuesReport report = new QueuesBench(plan, System.err).run();
        return options.report(report.text(), report.result());
    }

    private QueuesPlan plan() {
        cpus.forEach(cpu -> options.requireCpu("--cpus", cpu));
        List<Cpu> each = cpus.stream().map(Cpu::new).toList();
        int rounds = options.rounds();
        return options.plan(() -> {
            FrameKind frames = FrameKind.ofWire(frameBytes);
            return options.quick()
                    ? QueuesPlan.quick(rounds, frames, Flows.of(flows), each)
                    : QueuesPlan.full(rounds, frames, Flows.of(flows), each);
        });
    }
}
