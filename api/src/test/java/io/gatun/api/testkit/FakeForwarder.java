package io.gatun.api.testkit;

import io.gatun.forwarder.control.AccessCount;
import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.NatSource;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.control.TableFill;
import io.gatun.forwarder.control.TraceQuery;
import io.gatun.forwarder.control.TracedPacket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Remembers services and forwards nothing. */
public final class FakeForwarder implements Forwarder {
    private final Map<ServiceKey, ServiceSpec> services = new LinkedHashMap<>();
    private final List<ConnectionSnapshot> connections = new ArrayList<>();
    private final List<String> journal;
    private final BlockingQueue<TracedPacket> traffic = new LinkedBlockingQueue<>();
    private final AtomicBoolean tracing = new AtomicBoolean();
    private final Map<ServiceKey, Set<EndpointSpec>> failing = new HashMap<>();
    private final List<EndpointSignals> signals = new ArrayList<>();
    private final BlockingQueue<EndpointHealth> health = new LinkedBlockingQueue<>();
    private final List<ExplainQuery> questions = new ArrayList<>();
    private Explanation explanation = new Explanation(List.of(), "pass", "");
    private final Set<String> addresses = new HashSet<>();
    private List<AccessCount> access = List.of();
    private String mode = "native";
    private IoEngine engine = IoEngine.XDP;
    private RejectedException rejection;
    private final Map<String, Long> counters =
            new ConcurrentHashMap<>(Map.of("sync_unsynced", 7L, "sync_lag_ms", 12L, "packets_received", 3L));
    private long times = 1;
    private boolean linkUp = true;
    private Settings settings = Settings.DEFAULT;

    FakeForwarder(List<String> journal) {
        this.journal = journal;
    }

    /** From now on every put is refused so; null lets them pass again. */
    public synchronized void reject(RejectedException reason) {
        rejection = reason;
    }

    /** What every question is answered with from now on. */
    public synchronized void explainWith(Explanation answer) {
        explanation = answer;
    }

    /** The last question. */
    public synchronized ExplainQuery question() {
        return questions.getLast();
    }

    /** A packet for the trace that runs, or the next one. */
    public void pass(TracedPacket packet) {
        traffic.add(packet);
    }

    public boolean tracing() {
        return tracing.get();
    }

    public synchronized void connect(ConnectionSnapshot connection) {
        connections.add(connection);
    }

    public synchronized ServiceSpec spec(ServiceKey key) {
        return services.get(key);
    }

    @Override
    public synchronized Map<ServiceKey, RejectedException> putAll(Collection<ServiceSpec> specs) {
        Map<ServiceKey, RejectedException> rejected = new LinkedHashMap<>();
        for (ServiceSpec spec : specs) {
            if (rejection != null) {
                rejected.put(spec.key(), rejection);
            } else {
                services.put(spec.key(), spec);
                journal.add("put " + spec.key());
            }
        }
        return rejected;
    }

    @Override
    public synchronized int removeAll(Collection<ServiceKey> keys) {
        int removed = 0;
        for (ServiceKey key : keys) {
            journal.add("remove " + key);
            failing.remove(key);
            removed += services.remove(key) == null ? 0 : 1;
        }
        return removed;
    }

    @Override
    public synchronized List<ServiceSnapshot> services() {
        return services.values().stream().map(this::snapshot).toList();
    }

    @Override
    public synchronized Optional<ServiceSnapshot> service(ServiceKey key) {
        return Optional.ofNullable(services.get(key)).map(this::snapshot);
    }

    @Override
    public synchronized List<ConnectionSnapshot> connections(int limit) {
        return connections.stream().limit(limit).toList();
    }

    @Override
    public synchronized List<PortSnapshot> ports() {
        String shown = !linkUp ? "down" : engine == IoEngine.RAW ? "tcx" : mode;
        return List.of(new PortSnapshot("lo", 1, "02:00:00:00:00:ff", 1500, engine.text(), "asked for", shown, 2));
    }

    /** How the interface is attached from now on. */
    public synchronized void mode(String word) {
        mode = word;
    }

    @Override
    public synchronized void switchEngine(String interfaceName, IoEngine asked) {
        if (rejection != null) {
            throw rejection;
        }
        journal.add("switch " + interfaceName + " to " + asked.text());
        engine = asked;
    }

    @Override
    public synchronized void access(List<AccessRule> rules) {
        access = rules.stream().map(rule -> new AccessCount(rule, 2, 120)).toList();
    }

    @Override
    public synchronized List<AccessCount> accessCounts() {
        return access;
    }

    @Override
    public synchronized boolean addAddress(String linkName, InetAddress address, int prefixLength) {
        if (!linkName.equals("lo")) {
            throw RejectedException.invalid("dev", linkName, "give a link of this host");
        }
        return addresses.add(address.getHostAddress() + "/" + prefixLength);
    }

    @Override
    public synchronized boolean removeAddress(String linkName, InetAddress address, int prefixLength) {
        return addresses.remove(address.getHostAddress() + "/" + prefixLength);
    }

    /** What was given to links. */
    public synchronized Set<String> addresses() {
        return Set.copyOf(addresses);
    }

    @Override
    public synchronized void endpointHealth(List<EndpointHealth> changes) {
        for (EndpointHealth change : changes) {
            if (services.containsKey(change.service())) {
                EndpointSpec endpoint = new EndpointSpec(change.address(), change.port(), 0);
                Set<EndpointSpec> failing = failing(change.service());
                if (change.healthy() ? failing.remove(endpoint) : failing.add(endpoint)) {
                    health.add(change);
                }
            }
        }
    }

    /** Says what packets say of an endpoint. */
    public synchronized void signal(EndpointSignals signal) {
        signals.add(signal);
    }

    @Override
    public synchronized List<EndpointSignals> endpointSignals() {
        return List.copyOf(signals);
    }

    /** What was said of endpoints, in order. */
    public BlockingQueue<EndpointHealth> health() {
        return health;
    }

    private Set<EndpointSpec> failing(ServiceKey service) {
        return failing.computeIfAbsent(service, unknown -> new HashSet<>());
    }

    @Override
    public synchronized Explanation explain(ExplainQuery query) {
        questions.add(query);
        return explanation;
    }

    /** Of every VIP; an interrupt ends it. */
    @Override
    public int trace(TraceQuery query, Consumer<TracedPacket> sink) {
        if (!tracing.compareAndSet(false, true)) {
            throw new RejectedException(
                    RejectedException.Kind.CONFLICT, "vip=" + query.vip() + ", another trace is running, wait for it");
        }
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(query.timeoutMs());
        int shown = 0;
        try {
            while (shown < query.count()) {
                TracedPacket packet = traffic.poll(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (packet == null) {
                    break;
                }
                sink.accept(packet);
                shown++;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tracing.set(false);
        }
        return shown;
    }

    @Override
    public Map<String, Long> counters() {
        return Map.copyOf(counters);
    }

    /** What a counter says from now on. */
    public void count(String counter, long value) {
        counters.put(counter, value);
    }

    /** Every endpoint has had so many times three packets of 60 bytes. */
    public synchronized void traffic(long factor) {
        times = factor;
    }

    public synchronized void link(boolean up) {
        linkUp = up;
    }

    @Override
    public Map<String, Map<String, Long>> agentCounters() {
        return Map.of(
                "lo/0", Map.of("rx_packets", 5L, "duty_cycles", 9L, "duty_cycle_max_ns", 2_500L, "drop_no_flow", 4L),
                "lo/1", Map.of("rx_packets", 2L, "duty_cycles", 8L, "duty_cycle_max_ns", 0L, "drop_no_flow", 1L),
                "sync", Map.of("sync_unsynced", 7L, "sync_lag_ms", 12L, "sync_sent", 3L));
    }

    @Override
    public synchronized Settings settings() {
        return settings;
    }

    @Override
    public synchronized void settings(Settings wanted) {
        if (rejection != null) {
            throw rejection;
        }
        settings = wanted;
    }

    @Override
    public TableFill fill() {
        return new TableFill(6, 1_024, 1, 256);
    }

    @Override
    public synchronized Map<ServiceKey, NatSource> natSources() {
        Map<ServiceKey, NatSource> sources = new HashMap<>();
        services.keySet().forEach(key -> sources.put(key, new NatSource(key.vip(), 64_512)));
        return sources;
    }

    @Override
    public void attach() {
        journal.add("attach");
    }

    @Override
    public void admitNewFlows(Set<InetAddress> vips, boolean allowed) {
        vips.stream()
                .map(InetAddress::getHostAddress)
                .sorted()
                .forEach(vip -> journal.add("admit " + vip + " " + allowed));
    }

    @Override
    public synchronized void close() {
        journal.add("forwarder closed");
    }

    private boolean active(ServiceSpec spec, EndpointSpec endpoint) {
        return !failing(spec.key()).contains(new EndpointSpec(endpoint.address(), endpoint.port(), 0));
    }

    private ServiceSnapshot snapshot(ServiceSpec spec) {
        return new ServiceSnapshot(
                spec,
                true,
                spec.endpoints().stream()
                        .map(endpoint ->
                                new EndpointSnapshot(endpoint, active(spec, endpoint), 3 * times, 180 * times, 1))
                        .toList());
    }
}
