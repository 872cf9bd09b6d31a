package io.gatun.api.events;

import io.gatun.api.model.NodeEvent;
import io.gatun.api.roles.Roles;
import io.gatun.api.rules.Rule;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.ha.incident.Incidents;
import io.gatun.ha.role.Role;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what happens on this node into the log: told of rules and health, it looks for the rest itself. */
public final class NodeEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEvents.class);
    private static final long LOOK_MS = 250;
    /** Looks between questions to the conductor. */
    private static final int LOOKS_PER_QUESTION = 4;

    private static final long RATE_MS = 1_000;

    private final EventLog log = new EventLog();
    private final Forwarder forwarder;
    private final Roles roles;
    private final Incidents incidents;
    private final Supplier<Optional<String>> stalled;
    private final RateMeter meter;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gatun-events").factory());
    private volatile Map<ServiceKey, Rule> rules;
    private NodeView seen;
    private Set<NodeEvent.Drained> drained = Set.of();
    private int looks;

    /**
     * One that looks at nothing yet.
     *
     * @param roles as they are in force
     * @param stalled what stands still, in words
     */
    public NodeEvents(Forwarder forwarder, Roles roles, Incidents incidents, Supplier<Optional<String>> stalled) {
        this.forwarder = forwarder;
        this.roles = roles;
        this.incidents = incidents;
        this.stalled = stalled;
        this.meter = new RateMeter(forwarder);
    }

    /** What is there by now is no event; the changes from here on are. */
    public NodeEvents start() {
        var _ = thread.scheduleWithFixedDelay(() -> attempt(this::look), 0, LOOK_MS, TimeUnit.MILLISECONDS);
        var _ = thread.scheduleAtFixedRate(() -> attempt(this::rate), RATE_MS, RATE_MS, TimeUnit.MILLISECONDS);
        return this;
    }

    /** What stands still now, in words. */
    public Optional<String> stalled() {
        return stalled.get();
    }

    public EventLog log() {
        return log;
    }

    /** The rules in force from now on; calls come one at a time. Those of the first call are no events. */
    public void rules(List<Rule> inForce) {
        Map<ServiceKey, Rule> before = rules;
        Map<ServiceKey, Rule> now = new LinkedHashMap<>();
        inForce.forEach(rule -> now.put(rule.key(), rule));
        rules = now;
        if (before == null) {
            return;
        }
        before.forEach((key, rule) -> {
            if (!now.containsKey(key)) {
                log.publish(new NodeEvent.RuleRemoved(
                        key.toString(), rule.arguments().name()));
            }
        });
        now.forEach((key, rule) -> {
            Rule was = before.get(key);
            if (!rule.equals(was)) {
                String name = rule.arguments().name();
                int endpoints = rule.endpoints().size();
                log.publish(
                        was == null
                                ? new NodeEvent.RuleAdded(key.toString(), name, endpoints)
                                : new NodeEvent.RuleChanged(key.toString(), name, endpoints));
            }
        });
    }

    /** What the forwarder was told of endpoints. */
    public void health(List<EndpointHealth> changes) {
        for (EndpointHealth change : changes) {
            // Of what is not in the rules any more it was taken back.
            if (endpoint(change.service(), change.address(), change.port()).isPresent()) {
                log.publish(new NodeEvent.HealthChanged(
                        change.service().toString(),
                        AddressText.of(change.address(), change.port()),
                        change.healthy()));
            }
        }
    }

    private Optional<EndpointSpec> endpoint(ServiceKey service, InetAddress address, int port) {
        Map<ServiceKey, Rule> known = rules;
        Rule rule = known == null ? null : known.get(service);
        return rule == null
                ? Optional.empty()
                : rule.endpoints().stream()
                        .filter(each -> each.address().equals(address) && each.port() == port)
                        .findFirst();
    }

    private void look() {
        if (looks++ % LOOKS_PER_QUESTION == 0) {
            drained = drained();
        }
        NodeView now = NodeView.of(rolesNow(), forwarder.ports(), incidents.all(), drained, stalled.get());
        if (seen != null) {
            now.since(seen).forEach(log::publish);
        }
        seen = now;
    }

    private Map<String, Role> rolesNow() {
        Map<String, Role> now = new TreeMap<>();
        roles.all().forEach(role -> now.put(role.instance(), role.state()));
        return now;
    }

    /** The conductor is asked only when something is to be drained. */
    private Set<NodeEvent.Drained> drained() {
        Map<ServiceKey, Rule> known = rules;
        if (known == null || known.values().stream().noneMatch(NodeEvents::drains)) {
            return Set.of();
        }
        Set<NodeEvent.Drained> found = new HashSet<>();
        for (EndpointSignals signal : forwarder.endpointSignals()) {
            if (signal.drained()
                    && endpoint(signal.service(), signal.address(), signal.port())
                            .filter(each -> each.weight() == 0)
                            .isPresent()) {
                found.add(new NodeEvent.Drained(
                        signal.service().toString(), AddressText.of(signal.address(), signal.port())));
            }
        }
        return found;
    }

    private static boolean drains(Rule rule) {
        return rule.endpoints().stream().anyMatch(endpoint -> endpoint.weight() == 0);
    }

    private void rate() {
        if (log.isHeard()) {
            meter.measure(System.nanoTime()).ifPresent(report -> log.broadcast("rates", report));
        }
    }

    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) { // the conductor is late, or has ended
            if (!thread.isShutdown()) {
                LOG.warn("events go on after: {}", e.toString());
            }
        }
    }

    @Override
    public void close() {
        log.close();
        thread.shutdownNow();
    }
}
