package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import java.util.List;

/**
 * A JVM of ours that has the forwarding CPU once it is warm.
 *
 * @param napi what receives for it, or null when that is not its own
 */
record OnOneCpu(GatunProcess process, NapiThread napi, Cpu cpu) implements Contender.Running {
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
        return process.cpuNs() + (napi == null ? 0 : napi.cpuNs());
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
