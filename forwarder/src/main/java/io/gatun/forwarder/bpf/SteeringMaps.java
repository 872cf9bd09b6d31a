package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Libc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The maps that the steering program reads, by role. */
record SteeringMaps(BpfMap addresses, BpfMap services, BpfMap endpoints, BpfMap xsks) implements AutoCloseable {
    static final int ADDRESS_BYTES = 4;
    /** Address u32, port u16, protocol u8, zero u8; network byte order. */
    static final int TUPLE_BYTES = 8;

    static final int MARK_BYTES = 4;
    private static final int MAX_TUPLES = 65_536;

    /** Creates all, or none. */
    static SteeringMaps create(Libc libc, int maxAddresses, int maxQueues) {
        List<MapSpec> specs = List.of(
                new MapSpec(SteeringProgram.ADDRESSES, MapType.HASH, ADDRESS_BYTES, AddressEntry.BYTES, maxAddresses),
                tuples(SteeringProgram.SERVICES),
                tuples(SteeringProgram.ENDPOINTS),
                new MapSpec(SteeringProgram.XSKS, MapType.XSKMAP, Integer.BYTES, Integer.BYTES, maxQueues));
        List<BpfMap> maps = new ArrayList<>();
        try {
            for (MapSpec spec : specs) {
                maps.add(spec.create(libc));
            }
            return new SteeringMaps(maps.get(0), maps.get(1), maps.get(2), maps.get(3));
        } catch (RuntimeException e) {
            maps.forEach(BpfMap::close);
            throw e;
        }
    }

    Map<String, BpfMap> byName() {
        return Map.of(
                addresses.spec().name(), addresses,
                services.spec().name(), services,
                endpoints.spec().name(), endpoints,
                xsks.spec().name(), xsks);
    }

    @Override
    public void close() {
        addresses.close();
        services.close();
        endpoints.close();
        xsks.close();
    }

    private static MapSpec tuples(String name) {
        return new MapSpec(name, MapType.HASH, TUPLE_BYTES, MARK_BYTES, MAX_TUPLES, MapSpec.NO_PREALLOC);
    }
}
