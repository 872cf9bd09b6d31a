package io.gatun.bench.traffic;

import io.gatun.forwarder.bpf.BpfMap;
import io.gatun.forwarder.bpf.MapSpec;
import io.gatun.forwarder.sys.Libc;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** The maps of one program, keyed by u32; used by one thread. */
final class Maps implements AutoCloseable {
    private final Map<String, BpfMap> byName = new HashMap<>();
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[Integer.BYTES]);

    Maps(Libc libc, MapSpec... specs) {
        try {
            for (MapSpec spec : specs) {
                byName.put(spec.name(), spec.create(libc));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Map<String, BpfMap> byName() {
        return byName;
    }

    void put(String map, int index, UnsafeBuffer value) {
        key.putInt(0, index);
        byName.get(map).update(key, value);
    }

    /** The value at an index, all CPUs' copies of it, one after the other. */
    UnsafeBuffer value(String map, int index) {
        BpfMap found = byName.get(map);
        key.putInt(0, index);
        UnsafeBuffer value = new UnsafeBuffer(new byte[found.valueBytes()]);
        if (!found.lookup(key, value)) {
            throw new IllegalStateException("map " + map + " has no index " + index);
        }
        return value;
    }

    /** The u64 at an offset of a per-CPU value, summed over the CPUs. */
    static long sum(UnsafeBuffer perCpu, int valueBytes, int offset) {
        long sum = 0;
        for (int cpu = 0; cpu < perCpu.capacity(); cpu += valueBytes) {
            sum += perCpu.getLong(cpu + offset);
        }
        return sum;
    }

    @Override
    public void close() {
        byName.values().forEach(BpfMap::close);
    }
}
