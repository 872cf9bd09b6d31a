package io.gatun.api.testkit;

import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers services and forwards nothing. */
public final class FakeForwarder implements Forwarder {
    private final Map<ServiceKey, ServiceSpec> services = new LinkedHashMap<>();
    private final List<ConnectionSnapshot> connections = new ArrayList<>();
    private final List<String> journal;
    private RejectedException rejection;

    FakeForwarder(List<String> journal) {
        this.journal = journal;
    }

    /** From now on every put is refused so; null lets them pass again. */
    public synchronized void reject(RejectedException reason) {
        rejection = reason;
    }

    public synchronized void connect(ConnectionSnapshot connection) {
        connections.add(connection);
    }

    public synchronized ServiceSpec spec(ServiceKey key) {
        return services.get(key);
    }

    @Override
    public synchronized void put(ServiceSpec spec) {
        if (rejection != null) {
            throw rejection;
        }
        services.put(spec.key(), spec);
        journal.add("put " + spec.key());
    }

    @Override
    public synchronized boolean remove(ServiceKey key) {
        journal.add("remove " + key);
        return services.remove(key) != null;
    }

    @Override
    public synchronized List<ServiceSnapshot> services() {
        return services.values().stream().map(FakeForwarder::snapshot).toList();
    }

    @Override
    public synchronized Optional<ServiceSnapshot> service(ServiceKey key) {
        return Optional.ofNullable(services.get(key)).map(FakeForwarder::snapshot);
    }

    @Override
    public synchronized List<ConnectionSnapshot> connections(int limit) {
        return connections.stream().limit(limit).toList();
    }

    @Override
    public List<PortSnapshot> ports() {
        return List.of(new PortSnapshot("lo", 1, "02:00:00:00:00:ff", 1500, "xdp", "asked for", "native", 2));
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of();
    }

    @Override
    public void attach() {
        journal.add("attach");
    }

    @Override
    public void admitNewFlows(InetAddress vip, boolean allowed) {
        journal.add("admit " + vip.getHostAddress() + " " + allowed);
    }

    @Override
    public synchronized void close() {
        journal.add("forwarder closed");
    }

    private static ServiceSnapshot snapshot(ServiceSpec spec) {
        return new ServiceSnapshot(
                spec,
                true,
                spec.endpoints().stream()
                        .map(endpoint -> new EndpointSnapshot(endpoint, true, 3, 180, 1))
                        .toList());
    }
}
