package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Libc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The maps that the steering program reads and, of fragments, writes. */
final class SteeringMaps implements AutoCloseable {
    /** Room of each map of services and of endpoints. */
    static final int MAX_TUPLES = 65_536;

    private static final int MARK_BYTES = 4;
    private static final int MAX_FRAGMENTS = 4_096;

    private final Map<String, BpfMap> maps;

    private SteeringMaps(Map<String, BpfMap> maps) {
        this.maps = maps;
    }

    /** Creates all that a hook needs, or none. */
    static SteeringMaps create(Libc libc, SteeringHook hook, int maxAddresses, int maxQueues) {
        Map<String, BpfMap> maps = new LinkedHashMap<>();
        try {
            for (MapSpec spec : specs(hook, maxAddresses, maxQueues)) {
                maps.put(spec.name(), spec.create(libc));
            }
            return new SteeringMaps(maps);
        } catch (RuntimeException e) {
            maps.values().forEach(BpfMap::close);
            throw e;
        }
    }

    BpfMap addresses(SteeringFamily family) {
        return maps.get(family.addresses);
    }

    BpfMap services(SteeringFamily family) {
        return maps.get(family.services);
    }

    BpfMap endpoints(SteeringFamily family) {
        return maps.get(family.endpoints);
    }

    /** Null at a hook without AF_XDP sockets. */
    BpfMap xsks() {
        return maps.get(SteeringProgram.XSKS);
    }

    BpfMap fragments() {
        return maps.get(SteeringProgram.FRAGMENTS);
    }

    Map<String, BpfMap> byName() {
        return maps;
    }

    @Override
    public void close() {
        maps.values().forEach(BpfMap::close);
    }

    private static List<MapSpec> specs(SteeringHook hook, int maxAddresses, int maxQueues) {
        List<MapSpec> specs = new ArrayList<>();
        for (SteeringFamily family : SteeringFamily.values()) {
            specs.add(
                    new MapSpec(family.addresses, MapType.HASH, family.addressBytes, AddressEntry.BYTES, maxAddresses));
            specs.add(tuples(family.services, family));
            specs.add(tuples(family.endpoints, family));
        }
        specs.add(new MapSpec(
                SteeringProgram.FRAGMENTS,
                MapType.LRU_HASH,
                SteeringHeaders.FRAGMENT_KEY_BYTES,
                MARK_BYTES,
                MAX_FRAGMENTS));
        if (hook == SteeringHook.XDP) {
            specs.add(new MapSpec(SteeringProgram.XSKS, MapType.XSKMAP, Integer.BYTES, Integer.BYTES, maxQueues));
        }
        return specs;
    }

    private static MapSpec tuples(String name, SteeringFamily family) {
        return new MapSpec(name, MapType.HASH, family.tupleBytes(), MARK_BYTES, MAX_TUPLES, MapSpec.NO_PREALLOC);
    }
}
