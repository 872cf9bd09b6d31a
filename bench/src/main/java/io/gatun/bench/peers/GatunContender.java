package io.gatun.bench.peers;

import io.gatun.lab.JavaCommand;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gatun's forwarder as a process of its own: all of its threads, HotSpot's too, share the forwarding CPU. */
public final class GatunContender implements Contender {
    private static final Logger LOG = LoggerFactory.getLogger(GatunContender.class);
    private static final int COUNTERS_TAIL = 40;
    private static final Duration START_TIME = Duration.ofSeconds(60);

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
        LabProcess process = bed.lb().start(ProcessSpec.of(command(bed)).named("gatun"));
        process.awaitLine("^ready", START_TIME);
        return new GatunProcess(process);
    }

    private static List<String> command(Testbed bed) {
        List<String> command = new ArrayList<>(
                List.of("taskset", "-c", Integer.toString(bed.forwardingCpu().number())));
        command.addAll(
                JavaCommand.of(GatunNode.class, Testbed.DEVICE)); // with the flags of this JVM, scripts/jvm.flags
        return command;
    }

    private record GatunProcess(LabProcess process, TaskClock clock) implements Running {
        GatunProcess(LabProcess process) {
            this(process, new TaskClock(process.pid()));
        }

        @Override
        public long cpuNs() {
            return clock.cpuNs();
        }

        @Override
        public void close() {
            process.terminate();
            process.tail(COUNTERS_TAIL).forEach(line -> LOG.debug("{}", line));
        }
    }
}
