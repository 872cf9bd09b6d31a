package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import java.util.List;

/** A limit, not a load balancer: Gatun's steering program and AF_XDP port, and nothing in between but the MACs swapped. */
public final class RingsAlone implements Contender {
    @Override
    public String name() {
        return "rings alone";
    }

    @Override
    public String setup() {
        return "the limit of AF_XDP: Gatun's rings without its pipeline, MACs swapped in Java; otherwise as gatun";
    }

    @Override
    public boolean translates() {
        return false;
    }

    @Override
    public Running start(Testbed bed) {
        GatunProcess process = GatunProcess.start(
                bed.lb(),
                RingsNode.class,
                Testbed.DEVICE,
                Integer.toString(bed.lb().link(Testbed.DEVICE).index()));
        try {
            process.prioritise(RingsNode.THREAD, GatunContender.AGENT_PRIORITY);
            return new Swapping(process, NapiThread.start(bed.lb(), bed.forwardingCpu()), bed.forwardingCpu());
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private record Swapping(GatunProcess process, NapiThread napi, Cpu cpu) implements Running {
        @Override
        public boolean isCompiledAsItRuns() {
            return true;
        }

        @Override
        public void warmedUp() {
            process.bind(List.of(cpu));
        }

        @Override
        public long cpuNs() {
            return process.cpuNs() + napi.cpuNs();
        }

        @Override
        public long compilingNs() {
            return process.compilingNs();
        }

        @Override
        public String note() {
            return process.note();
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
