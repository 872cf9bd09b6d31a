package io.gatun.api.metrics;

import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums that do not fall when an endpoint or a service goes, from readings that do. What was moved between the last
 * reading and the end of an endpoint is not in them. One thread at a time.
 */
final class TrafficTotals {
    private Map<Place, Traffic> last = new HashMap<>();
    private final Map<ServiceKey, Traffic> ofServices = new HashMap<>();
    private final Map<Protocol, Traffic> ofProtocols = new EnumMap<>(Protocol.class);

    /** What was moved, in both directions. */
    record Traffic(long packets, long bytes) {
        static final Traffic NONE = new Traffic(0, 0);

        private Traffic plus(Traffic other) {
            return new Traffic(packets + other.packets, bytes + other.bytes);
        }

        /** Since a reading; all of it when counting has begun anew. */
        private Traffic since(Traffic before) {
            return packets < before.packets || bytes < before.bytes
                    ? this
                    : new Traffic(packets - before.packets, bytes - before.bytes);
        }
    }

    private record Place(ServiceKey service, InetAddress address, int port) {}

    /** Takes a reading of all services. */
    void read(List<ServiceSnapshot> services) {
        Map<Place, Traffic> now = new HashMap<>();
        for (ServiceSnapshot service : services) {
            ServiceKey key = service.spec().key();
            ofServices.putIfAbsent(key, Traffic.NONE);
            for (EndpointSnapshot endpoint : service.endpoints()) {
                Place place = new Place(
                        key, endpoint.spec().address(), endpoint.spec().port());
                Traffic traffic = new Traffic(endpoint.packets(), endpoint.bytes());
                Traffic more = traffic.since(last.getOrDefault(place, Traffic.NONE));
                now.put(place, traffic);
                ofServices.merge(key, more, Traffic::plus);
                ofProtocols.merge(key.protocol(), more, Traffic::plus);
            }
        }
        ofServices
                .keySet()
                .retainAll(
                        services.stream().map(service -> service.spec().key()).toList());
        last = now;
    }

    Traffic of(ServiceKey service) {
        return ofServices.getOrDefault(service, Traffic.NONE);
    }

    Traffic of(Protocol protocol) {
        return ofProtocols.getOrDefault(protocol, Traffic.NONE);
    }
}
