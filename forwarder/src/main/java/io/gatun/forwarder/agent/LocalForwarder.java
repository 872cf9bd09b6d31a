package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AccessCount;
import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.control.Activity;
import io.gatun.forwarder.control.AgentPulse;
import io.gatun.forwarder.control.ConnectionExchange;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.LinkListener;
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
import io.gatun.forwarder.pipeline.AccessList;
import io.gatun.forwarder.warmup.WarmUp;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The proxy of the conductor: turns calls of any thread into commands, and waits until they are carried out. */
public final class LocalForwarder implements Forwarder {
    /** A conductor that does not answer within this time is broken. */
    private static final long PATIENCE_S = 10;

    private final Engine engine;
    private final Conductor conductor;
    private final Snapshots snapshots;
    private final ServiceValidation validation = new ServiceValidation();

    private final AccessRules access = new AccessRules();
    private final WarmUp warmUp;

    private LocalForwarder(Engine engine, WarmUp warmUp) {
        this.engine = engine;
        this.warmUp = warmUp;
        this.conductor = engine.conductor();
        this.snapshots = engine.snapshots();
    }

    /**
     * Binds to the interfaces' queues and starts the agents; packets come after {@link #attach}.
     *
     * @param onFailure told when an agent has failed, from that agent's thread
     * @throws io.gatun.forwarder.control.RejectedException when options or environment forbid it; nothing is left
     */
    public static LocalForwarder start(ForwarderOptions options, Consumer<Throwable> onFailure) {
        return start(options, WarmUp.start(), onFailure);
    }

    /** As {@link #start(ForwarderOptions, Consumer)}, with a warm-up that was begun before. */
    public static LocalForwarder start(ForwarderOptions options, WarmUp warmUp, Consumer<Throwable> onFailure) {
        return new LocalForwarder(new Engine(options, onFailure), warmUp);
    }

    @Override
    public void attach() {
        warmUp.await();
        onConductor(() -> {
            engine.attach();
            return null;
        });
    }

    @Override
    public Map<ServiceKey, RejectedException> putAll(Collection<ServiceSpec> specs) {
        Map<ServiceKey, RejectedException> rejected = new LinkedHashMap<>();
        List<ServiceSpec> sound = new ArrayList<>();
        for (ServiceSpec spec : specs) {
            try {
                validation.check(spec);
                sound.add(spec);
            } catch (RejectedException e) {
                rejected.put(spec.key(), e);
            }
        }
        rejected.putAll(onConductor(() -> conductor.putAll(sound)));
        return rejected;
    }

    @Override
    public int removeAll(Collection<ServiceKey> keys) {
        return onConductor(() -> conductor.removeAll(keys));
    }

    @Override
    public List<ServiceSnapshot> services() {
        return onConductor(snapshots::services);
    }

    @Override
    public Optional<ServiceSnapshot> service(ServiceKey key) {
        return services().stream()
                .filter(service -> service.spec().key().equals(key))
                .findFirst();
    }

    @Override
    public List<ConnectionSnapshot> connections(int limit) {
        return onConductor(() -> snapshots.connections(limit));
    }

    @Override
    public List<PortSnapshot> ports() {
        return engine.ports();
    }

    @Override
    public Map<String, Long> counters() {
        return engine.counters();
    }

    @Override
    public Map<String, Map<String, Long>> agentCounters() {
        return engine.agentCounters();
    }

    @Override
    public Settings settings() {
        return engine.settings();
    }

    @Override
    public void settings(Settings wanted) {
        onConductor(() -> {
            engine.settings(wanted);
            return null;
        });
    }

    @Override
    public TableFill fill() {
        return engine.fill();
    }

    @Override
    public Map<ServiceKey, NatSource> natSources() {
        return onConductor(snapshots::natSources);
    }

    @Override
    public Activity activity() {
        return engine.activity();
    }

    @Override
    public List<AgentPulse> pulses() {
        return onConductor(engine::pulses);
    }

    @Override
    public void admitNewFlows(Set<InetAddress> vips, boolean allowed) {
        onConductor(() -> {
            conductor.admitNewFlows(vips, allowed);
            return null;
        });
    }

    @Override
    public void endpointHealth(List<EndpointHealth> changes) {
        onConductor(() -> {
            conductor.endpointHealth(changes);
            return null;
        });
    }

    @Override
    public List<EndpointSignals> endpointSignals() {
        return onConductor(snapshots::signals);
    }

    @Override
    public void access(List<AccessRule> rules) {
        AccessList list = access.replace(rules);
        onConductor(() -> {
            conductor.access(list);
            return null;
        });
    }

    @Override
    public List<AccessCount> accessCounts() {
        return access.counts();
    }

    @Override
    public boolean addAddress(String linkName, InetAddress address, int prefixLength) {
        int index = onConductor(() -> conductor.linkIndex(linkName))
                .orElseThrow(() -> RejectedException.invalid("dev", linkName, "give a link of this host"));
        return HostAddresses.add(index, address, prefixLength);
    }

    @Override
    public boolean removeAddress(String linkName, InetAddress address, int prefixLength) {
        OptionalInt index = onConductor(() -> conductor.linkIndex(linkName));
        return index.isPresent() && HostAddresses.remove(index.getAsInt(), address, prefixLength);
    }

    @Override
    public Explanation explain(ExplainQuery query) {
        return onConductor(() -> conductor.explain(query));
    }

    @Override
    public void switchEngine(String interfaceName, IoEngine wanted) {
        onConductor(() -> {
            conductor.switchEngine(interfaceName, wanted);
            return null;
        });
    }

    @Override
    public int trace(TraceQuery query, Consumer<TracedPacket> sink) {
        TraceText text = new TraceText(engine.published(), rule -> onConductor(() -> conductor.ruleText(rule)));
        return new TraceSession(query, text, engine::agentName)
                .run(
                        wanted -> onConductor(() -> {
                            conductor.trace(wanted);
                            return null;
                        }),
                        sink);
    }

    @Override
    public ConnectionExchange exchange() {
        ConnectionExchange exchange = engine.exchange();
        if (exchange == null) {
            throw new IllegalStateException("connections are not exchanged");
        }
        return exchange;
    }

    @Override
    public void onLinks(LinkListener listener) {
        conductor.onLinks(listener);
    }

    @Override
    public void close() {
        engine.close();
    }

    private <T> T onConductor(Supplier<T> command) {
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean queued = engine.command(() -> {
            try {
                result.complete(command.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        if (!queued) {
            throw new IllegalStateException("the conductor has too many commands waiting, try again");
        }
        try {
            return result.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the conductor did not answer within " + PATIENCE_S + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the conductor", e);
        }
    }
}
