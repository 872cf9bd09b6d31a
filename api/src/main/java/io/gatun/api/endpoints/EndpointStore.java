package io.gatun.api.endpoints;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.EndpointEntry;
import io.gatun.api.model.EndpointHostState;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Json;
import io.gatun.api.rules.ProbeArguments;
import io.gatun.api.rules.Rule;
import io.gatun.api.state.StateFile;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.health.HealthPlan;
import io.gatun.ha.health.ProbePace;
import io.gatun.ha.health.ProbeTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints that clients made, and what they said of them, in a file. Changes are made one at a time. */
public final class EndpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointStore.class);
    /** A bound on what a stray client can make us probe; loxilb has none. */
    private static final int ENTRIES_MAX = 8192;

    private final ReentrantLock changes = new ReentrantLock();
    private final StateFile<Stored> file;
    private final HealthMonitor monitor;
    private List<Rule> rules = List.of();
    /** What is watched for each rule, with what clients say now. Made anew only for rules that have changed. */
    private IdentityHashMap<Rule, List<HealthPlan.Endpoint>> watched = new IdentityHashMap<>();

    private ProbePace usual = ProbePace.USUAL;
    private volatile Stored stored = new Stored(List.of(), List.of());
    private volatile HealthPlan plan = HealthPlan.EMPTY;

    /** What is in the file. */
    record Stored(List<EndpointEntry> endpoints, List<EndpointHostState> red) {
        Stored {
            endpoints = List.copyOf(endpoints);
            red = List.copyOf(red);
        }
    }

    /**
     * A store that has read nothing yet.
     *
     * @param stateDir where {@code endpoints.json} is
     * @param monitor told what to watch
     */
    public EndpointStore(Path stateDir, HealthMonitor monitor) {
        this.file = new StateFile<>(stateDir.resolve("endpoints.json"), EndpointStore::decode);
        this.monitor = monitor;
    }

    /** Reads the file. To be called once, before any other method. */
    public void load() throws IOException {
        stored = file.read().orElse(stored);
    }

    /** The rules in force from now on. */
    public void rules(List<Rule> inForce) {
        changes.lock();
        try {
            rules = List.copyOf(inForce);
            follow();
        } finally {
            changes.unlock();
        }
    }

    /** How endpoints are probed from now on of which nobody says anything else. */
    public void usual(ProbePace pace) {
        changes.lock();
        try {
            usual = pace;
            followAll();
        } finally {
            changes.unlock();
        }
    }

    /** Makes an endpoint, or changes the one that asks the same at the same place. */
    public void post(EndpointEntry entry) {
        ProbeArguments.check(entry);
        EndpointEntry asked = named(entry);
        changes.lock();
        try {
            List<EndpointEntry> next = new ArrayList<>(stored.endpoints());
            next.removeIf(present -> sameProbe(present, asked));
            next.add(asked);
            if (next.size() > ENTRIES_MAX) {
                throw new ApiException(403, "capacity error: there are " + ENTRIES_MAX + " endpoints, delete some");
            }
            save(new Stored(next, stored.red()));
            LOG.info("endpoint {} is probed", asked.name());
        } finally {
            changes.unlock();
        }
    }

    /**
     * Removes endpoints that clients made.
     *
     * @param name empty for any; likewise {@code type}, and {@code port} when negative
     * @throws ApiException 409 when a rule uses it, 404 when there is none
     */
    public void delete(String ip, String name, String type, int port) {
        InetAddress address = address(ip);
        changes.lock();
        try {
            Predicate<EndpointEntry> meant = entry -> address(entry.hostName()).equals(address)
                    && (name.isEmpty() || entry.name().equals(name))
                    && (type.isEmpty() || entry.probeType().equals(type))
                    && (port < 0 || entry.probePort() == port);
            List<EndpointEntry> gone = stored.endpoints().stream().filter(meant).toList();
            Predicate<HealthPlan.Probe> alike = gone.isEmpty()
                    ? probe -> probe.target().address().equals(address)
                    : probe -> gone.stream().anyMatch(entry -> asks(entry, probe.target()));
            for (HealthPlan.Endpoint endpoint : plan.endpoints()) {
                if (alike.test(endpoint.probe())) {
                    throw new ApiException(
                            409,
                            "LB Rule-referred: hostName=" + ip + " is an endpoint of " + endpoint.service()
                                    + ", delete that rule first");
                }
            }
            if (gone.isEmpty()) {
                throw new ApiException(
                        404, "host-notfound error: hostName=" + ip + ", gatun get ep shows what is there");
            }
            List<EndpointEntry> rest = new ArrayList<>(stored.endpoints());
            rest.removeAll(gone);
            save(new Stored(rest, stored.red()));
        } finally {
            changes.unlock();
        }
    }

    /** Declares endpoints down, or leaves them to their probes again. */
    public void state(EndpointHostState said) {
        checkState(said);
        changes.lock();
        try {
            List<EndpointHostState> red = new ArrayList<>(stored.red());
            red.removeIf(present -> covers(said, present));
            if (said.state().equals("red")) {
                red.add(said);
            }
            if (red.size() > ENTRIES_MAX) {
                throw new ApiException(403, "capacity error: " + ENTRIES_MAX + " hosts are red, make some green");
            }
            save(new Stored(stored.endpoints(), red));
            LOG.info("endpoint {} is declared {}", said.hostName(), said.state());
        } finally {
            changes.unlock();
        }
    }

    /**
     * What is wrong with endpoints and states, if anything.
     *
     * @throws ApiException as {@link #post} and {@link #state} would
     */
    public static void check(List<EndpointEntry> entries, List<EndpointHostState> states) {
        for (EndpointEntry entry : entries) {
            ProbeArguments.check(entry);
            address(entry.hostName());
        }
        for (EndpointHostState said : states) {
            checkState(said);
        }
        if (entries.size() > ENTRIES_MAX || states.size() > ENTRIES_MAX) {
            throw new ApiException(403, "capacity error: give at most " + ENTRIES_MAX + " endpoints and states");
        }
    }

    /** Puts these in the place of all that clients made and said; of the states those that are red are kept. */
    public void replaceAll(List<EndpointEntry> entries, List<EndpointHostState> states) {
        check(entries, states);
        changes.lock();
        try {
            save(new Stored(
                    entries.stream().map(EndpointStore::named).toList(),
                    states.stream().filter(said -> said.state().equals("red")).toList()));
            LOG.info("{} endpoints in the place of all", entries.size());
        } finally {
            changes.unlock();
        }
    }

    /** What clients declared down. */
    public List<EndpointHostState> red() {
        return stored.red();
    }

    /** What is watched now. */
    public HealthPlan plan() {
        return plan;
    }

    /** What clients made. */
    public List<EndpointEntry> entries() {
        return stored.endpoints();
    }

    /** Whether a client has declared what is probed down, as a whole. */
    public boolean isRed(ProbeTarget target) {
        boolean ofRules = false;
        for (HealthPlan.Endpoint endpoint : plan.endpoints()) {
            if (endpoint.probe().target().equals(target)) {
                if (!endpoint.forcedDown()) {
                    return false;
                }
                ofRules = true;
            }
        }
        return ofRules || isRed(target.address(), target.port(), target.type().text());
    }

    private boolean isRed(InetAddress address, int port, String protocol) {
        return stored.red().stream()
                .anyMatch(red -> address(red.hostName()).equals(address)
                        && (red.epPort() == 0 || red.epPort() == port)
                        && (red.epProto().isEmpty() || red.epProto().equals(protocol)));
    }

    private void save(Stored next) {
        try {
            file.write(next);
        } catch (IOException e) {
            LOG.error("endpoints are not saved: {}", e.toString());
            throw new ApiException(
                    500,
                    "state error: endpoints are not saved (" + e
                            + "), make the state directory writable and room in it");
        }
        stored = next;
        followAll();
    }

    /** What clients say of endpoints, or the usual pace, is another: what was made of rules is made anew. */
    private void followAll() {
        watched = new IdentityHashMap<>();
        follow();
    }

    private void follow() {
        List<HealthPlan.Probe> probes = stored.endpoints().stream()
                .map(entry -> ProbeArguments.probe(entry, address(entry.hostName()), usual))
                .toList();
        IdentityHashMap<Rule, List<HealthPlan.Endpoint>> before = watched;
        IdentityHashMap<Rule, List<HealthPlan.Endpoint>> now = new IdentityHashMap<>();
        List<HealthPlan.Endpoint> endpoints = new ArrayList<>();
        for (Rule rule : rules) {
            List<HealthPlan.Endpoint> known = before.get(rule);
            List<HealthPlan.Endpoint> ofRule = known == null ? watched(rule, probes) : known;
            now.put(rule, ofRule);
            endpoints.addAll(ofRule);
        }
        watched = now;
        plan = new HealthPlan(endpoints, probes);
        monitor.follow(plan);
    }

    private List<HealthPlan.Endpoint> watched(Rule rule, List<HealthPlan.Probe> ofClients) {
        String protocol = rule.key().protocol().text();
        List<HealthPlan.Endpoint> endpoints = new ArrayList<>();
        rule.probes(usual)
                .forEach((endpoint, probe) -> endpoints.add(new HealthPlan.Endpoint(
                        rule.key(),
                        endpoint.address(),
                        endpoint.port(),
                        endpoint.weight() > 0,
                        orThatOfAClient(probe, ofClients),
                        isRed(endpoint.address(), endpoint.port(), protocol))));
        return endpoints;
    }

    /** A rule that does not say what to send takes what the client said who made the endpoint. */
    private static HealthPlan.Probe orThatOfAClient(HealthPlan.Probe ofRule, List<HealthPlan.Probe> ofClients) {
        ProbeTarget target = ofRule.target();
        if (!target.request().isEmpty() || !target.expected().isEmpty()) {
            return ofRule;
        }
        return ofClients.stream()
                .filter(probe -> probe.target().address().equals(target.address())
                        && probe.target().type() == target.type()
                        && probe.target().port() == target.port())
                .findFirst()
                .orElse(ofRule);
    }

    private static boolean asks(EndpointEntry entry, ProbeTarget target) {
        return ProbeArguments.probe(entry, address(entry.hostName()), ProbePace.USUAL)
                .target()
                .equals(target);
    }

    private static boolean sameProbe(EndpointEntry one, EndpointEntry other) {
        return address(one.hostName()).equals(address(other.hostName()))
                && one.probeType().equals(other.probeType())
                && one.probePort() == other.probePort();
    }

    private static boolean covers(EndpointHostState wide, EndpointHostState narrow) {
        return address(wide.hostName()).equals(address(narrow.hostName()))
                && (wide.epPort() == 0 || wide.epPort() == narrow.epPort())
                && (wide.epProto().isEmpty() || wide.epProto().equals(narrow.epProto()));
    }

    private static EndpointEntry named(EndpointEntry entry) {
        String host = IpLiteral.text(address(entry.hostName()));
        String type = entry.probeType().isEmpty() ? "ping" : entry.probeType();
        return new EndpointEntry(
                host,
                entry.name().isEmpty() ? host + "_" + type + "_" + entry.probePort() : entry.name(),
                entry.inactiveReTries(),
                type,
                entry.probeReq(),
                entry.probeResp(),
                entry.probeDuration(),
                entry.probePort(),
                entry.probeIntervalMs(),
                entry.probeTimeoutMs(),
                entry.probeRise());
    }

    private static void checkState(EndpointHostState said) {
        address(said.hostName());
        if (!List.of("green", "yellow", "red").contains(said.state())) {
            throw invalid("host-args error", "state", said.state(), "give green, yellow or red");
        }
    }

    private static InetAddress address(String text) {
        return IpLiteral.parse(text)
                .filter(address -> !address.isAnyLocalAddress() && !address.isMulticastAddress())
                .orElseThrow(() -> invalid(
                        "invalid host-args error",
                        "hostName",
                        text,
                        "give the address of a server such as 192.168.80.11 or 2001:db8::11"));
    }

    private static Stored decode(byte[] bytes) {
        Stored stored = Json.read(bytes, Stored.class);
        stored.endpoints().forEach(entry -> {
            ProbeArguments.check(entry);
            address(entry.hostName());
        });
        stored.red().forEach(red -> address(red.hostName()));
        return stored;
    }
}
