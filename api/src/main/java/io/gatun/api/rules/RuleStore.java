package io.gatun.api.rules;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.LoadBalancer;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All rules: in memory, in the forwarder and in a file. Changes that come at the same time are made together; readers never wait. */
public final class RuleStore {
    /** loxilb's limit. */
    public static final int RULES_MAX = 2048;

    private static final Logger LOG = LoggerFactory.getLogger(RuleStore.class);
    private static final int ATTACH = 1;
    private static final int DETACH = 2;

    private final Together<RuleChange> together = new Together<>(this::makeAll);
    private final ReentrantLock changes = new ReentrantLock();
    private final Forwarder forwarder;
    private final RuleFile file;
    private final Consumer<Map<InetAddress, String>> vips;
    /** Rules read back that the forwarder would not take (a network that is not up, say); the same POST tries again. */
    private final Set<ServiceKey> refused = ConcurrentHashMap.newKeySet();

    private volatile Map<ServiceKey, Rule> rules = Map.of();
    private volatile Consumer<List<Rule>> listener = inForce -> {};

    /**
     * A store that has read nothing yet.
     *
     * @param stateDir where {@code rules.json} and its changes are
     * @param vips told all VIPs and the instances they follow whenever they may have changed
     */
    public RuleStore(Forwarder forwarder, Path stateDir, Consumer<Map<InetAddress, String>> vips) {
        this.forwarder = forwarder;
        this.file = new RuleFile(stateDir);
        this.vips = vips;
    }

    /** Reads the file and puts its rules in force. To be called once, before any other method. */
    public void load() throws IOException {
        Map<ServiceKey, Rule> loaded = file.read();
        forwarder.putAll(loaded.values().stream().map(Rule::spec).toList()).forEach((key, rejected) -> {
            refused.add(key);
            LOG.warn("{} is kept but not served: {}", key, rejected.getMessage());
        });
        rules = Collections.unmodifiableMap(loaded);
        if (!loaded.isEmpty()) {
            LOG.info("{} rules read back", loaded.size());
        }
    }

    /** Tells all rules in force whenever they have changed, the first time when they are announced. */
    public void onChange(Consumer<List<Rule>> told) {
        listener = told;
    }

    /** Passes on the rules that were read back, and their VIPs; packets have somewhere to go by now. */
    public void announce() {
        vips.accept(vips(rules));
        listener.accept(inForce());
    }

    /** All rules, oldest first. */
    public List<Rule> rules() {
        return List.copyOf(rules.values());
    }

    /**
     * Creates, replaces, or attaches or detaches endpoints, as the request says.
     *
     * @throws ApiException when it is refused; then nothing has changed
     */
    public void post(LoadBalancer request) {
        Rule asked = RuleReader.read(request);
        together.make(present -> switch (request.serviceArguments().oper()) {
            case ATTACH -> attach(present, asked, request);
            case DETACH -> detach(present.get(asked.key()), request);
            default -> put(present, asked);
        });
    }

    /** Removes the rule; one that is not there counts as removed. */
    public void delete(String vip, int port, int portMax, String protocol, long block) {
        ServiceKey key = RuleReader.key(
                RuleReader.address("externalIP", vip), RuleReader.protocolNamed(protocol), port, portMax, block);
        removeIf(rule -> rule.key().equals(key));
    }

    /** Removes all rules of this name. */
    public void deleteNamed(String name) {
        removeIf(rule -> rule.arguments().name().equals(name));
    }

    /** Removes all rules. */
    public void deleteAll() {
        removeIf(rule -> true);
    }

    /** All rules as they are saved, oldest first. */
    public List<LoadBalancer> saved() {
        return rules.values().stream().map(Rule::entry).toList();
    }

    /**
     * Reads rules without putting them in force.
     *
     * @throws ApiException as {@link #post} would
     */
    public static List<Rule> check(List<LoadBalancer> requests) {
        List<Rule> checked = requests.stream().map(RuleReader::read).toList();
        Set<ServiceKey> keys = new HashSet<>();
        for (Rule rule : checked) {
            if (!keys.add(rule.key())) {
                throw ApiException.invalid(
                        "service-args error", "externalIP", rule.key(), "give each service once, two have this one");
            }
        }
        if (checked.size() > RULES_MAX) {
            throw new ApiException(
                    403, "capacity error: lbAttr has " + checked.size() + " rules, give at most " + RULES_MAX);
        }
        return checked;
    }

    /**
     * Puts these rules in the place of all. Connections of rules that stay are untouched.
     *
     * @param wanted from {@link #check}
     * @throws ApiException when one of them is refused; then nothing has changed
     */
    public void replaceAll(List<Rule> wanted) {
        changes.lock();
        try {
            Map<ServiceKey, Rule> next = new LinkedHashMap<>();
            wanted.forEach(rule -> next.put(rule.key(), rule));
            List<Rule> done = putInForce(wanted);
            List<Rule> gone = rules.values().stream()
                    .filter(rule -> !next.containsKey(rule.key()))
                    .toList();
            try {
                save(next, () -> file.replaceAll(next));
            } catch (ApiException e) {
                takeBack(done);
                throw e;
            }
            done.forEach(rule -> refused.remove(rule.key()));
            vips.accept(vips(next));
            gone.forEach(rule -> {
                refused.remove(rule.key());
                forwarder.remove(rule.key());
            });
            listener.accept(inForce());
            LOG.info("{} rules in the place of all, {} of them new or changed", next.size(), done.size());
        } finally {
            changes.unlock();
        }
    }

    /** Those of them that are new or changed, all or, when one is refused, none. */
    private List<Rule> putInForce(List<Rule> wanted) {
        List<Rule> done = new ArrayList<>();
        for (Rule rule : wanted) {
            if (rule.equals(rules.get(rule.key())) && !refused.contains(rule.key())) {
                continue;
            }
            try {
                forwarder.put(rule.spec());
                done.add(rule);
            } catch (RejectedException e) {
                takeBack(done);
                throw ApiException.of(e);
            }
        }
        return done;
    }

    private void takeBack(List<Rule> done) {
        done.forEach(rule -> takeBack(rules.get(rule.key()), rule));
    }

    private RuleChange.Step put(Map<ServiceKey, Rule> all, Rule next) {
        Rule present = all.get(next.key());
        if (next.equals(present) && !refused.contains(next.key())) {
            throw ApiException.exists();
        }
        if (present == null && all.size() >= RULES_MAX) {
            throw new ApiException(
                    403,
                    "capacity error: " + next.key() + " would be one of more than " + RULES_MAX
                            + " rules, delete some");
        }
        return new RuleChange.Put(next);
    }

    private RuleChange.Step attach(Map<ServiceKey, Rule> all, Rule asked, LoadBalancer request) {
        Rule present = all.get(asked.key());
        if (present == null) {
            return put(all, asked);
        }
        Rule next = present.with(EndpointReader.attach(present.endpoints(), endpoints(request, present)));
        Combinations.check(next);
        return put(all, next);
    }

    private static RuleChange.Step detach(Rule present, LoadBalancer request) {
        if (present == null) {
            throw new ApiException(404, "lbrule not-exists error");
        }
        List<EndpointSpec> rest = EndpointReader.detach(present.endpoints(), endpoints(request, present));
        if (rest.isEmpty()) {
            return new RuleChange.Remove(List.of(present));
        }
        return rest.size() < present.endpoints().size()
                ? new RuleChange.Put(present.with(rest))
                : new RuleChange.Nothing();
    }

    private void removeIf(Predicate<Rule> condition) {
        together.make(present -> {
            List<Rule> gone = present.values().stream().filter(condition).toList();
            return gone.isEmpty() ? new RuleChange.Nothing() : new RuleChange.Remove(gone);
        });
    }

    private void makeAll(List<Together.Asked<RuleChange>> asked) {
        changes.lock();
        try {
            ChangeRun run = new ChangeRun(rules);
            for (Together.Asked<RuleChange> each : asked) {
                if (!run.take(each)) {
                    make(run);
                    run = new ChangeRun(rules);
                    run.take(each);
                }
            }
            make(run);
        } finally {
            changes.unlock();
        }
    }

    private void make(ChangeRun run) {
        try {
            if (!run.gone().isEmpty()) {
                remove(run);
            } else if (!run.isEmpty()) {
                put(run);
            }
            run.made();
        } catch (RuntimeException e) {
            run.refused(e);
        }
    }

    private void put(ChangeRun run) {
        forwarder
                .putAll(run.put().stream().map(Rule::spec).toList())
                .forEach((key, rejected) -> run.refuse(key, rules.get(key), ApiException.of(rejected)));
        List<Rule> done = run.put();
        if (done.isEmpty()) {
            return;
        }
        Map<ServiceKey, Rule> before = rules;
        try {
            save(run.rules(), () -> file.putAll(done, run.rules()));
        } catch (ApiException e) {
            takeBack(done);
            throw e;
        }
        done.forEach(rule -> refused.remove(rule.key()));
        vips.accept(vips(rules));
        listener.accept(inForce());
        for (Rule rule : done) {
            LOG.info(
                    "{} {}, {} endpoints, mode {}{}",
                    rule.key(),
                    before.containsKey(rule.key()) ? "changed" : "created",
                    rule.endpoints().size(),
                    rule.arguments().mode(),
                    rule.nat64() ? ", NAT64 with a source of ours" : "");
        }
    }

    private void remove(ChangeRun run) {
        save(run.rules(), () -> file.remove(run.gone(), run.rules()));
        vips.accept(vips(rules));
        List<ServiceKey> keys = run.gone().stream().map(Rule::key).toList();
        keys.forEach(refused::remove);
        forwarder.removeAll(keys);
        keys.forEach(key -> LOG.info("{} removed", key));
        listener.accept(inForce());
    }

    private void takeBack(Rule present, Rule next) {
        if (present == null || refused.contains(next.key())) {
            forwarder.remove(next.key());
        } else {
            forwarder.put(present.spec());
        }
    }

    /** Endpoints of a request about a rule that is there: its mode says what their ports mean, not the request's. */
    private static List<EndpointSpec> endpoints(LoadBalancer request, Rule present) {
        return EndpointReader.read(request.endpoints(), present.key(), present.mode());
    }

    /** A change of the file. */
    private interface Write {
        void run() throws IOException;
    }

    private void save(Map<ServiceKey, Rule> all, Write write) {
        try {
            write.run();
        } catch (IOException e) {
            LOG.error("rules are not saved: {}", e.toString());
            throw new ApiException(
                    500,
                    "state error: rules are not saved (" + e + "), make the state directory writable and room in it");
        }
        rules = Collections.unmodifiableMap(all);
    }

    private List<Rule> inForce() {
        return rules.values().stream()
                .filter(rule -> !refused.contains(rule.key()))
                .toList();
    }

    /** What rules in force need answered: VIPs, and sources of their own; the first rule names the instance. */
    private Map<InetAddress, String> vips(Map<ServiceKey, Rule> rules) {
        Map<InetAddress, String> vips = new LinkedHashMap<>();
        for (Rule rule : rules.values()) {
            if (rule.announced() && !refused.contains(rule.key())) {
                vips.putIfAbsent(rule.key().vip(), rule.instance());
                if (rule.privateAddress() != null) {
                    vips.putIfAbsent(rule.privateAddress(), rule.instance());
                }
            }
        }
        return Collections.unmodifiableMap(vips);
    }
}
