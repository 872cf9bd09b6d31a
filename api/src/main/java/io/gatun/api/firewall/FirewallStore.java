package io.gatun.api.firewall;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.FirewallRule;
import io.gatun.api.model.IpNetwork;
import io.gatun.api.model.Json;
import io.gatun.api.state.StateFile;
import io.gatun.forwarder.control.AccessCount;
import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.SourcePrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All firewall rules. Changes are made one at a time; readers never wait. */
public final class FirewallStore {
    /** loxilb's limit. */
    public static final int RULES_MAX = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(FirewallStore.class);

    private final ReentrantLock changes = new ReentrantLock();
    private final Forwarder forwarder;
    private final StateFile<List<AccessRule>> file;
    private volatile List<AccessRule> rules = List.of();

    /**
     * A store that has read nothing yet.
     *
     * @param stateDir where {@code firewall.json} is
     */
    public FirewallStore(Forwarder forwarder, Path stateDir) {
        this.forwarder = forwarder;
        this.file = new StateFile<>(stateDir.resolve("firewall.json"), FirewallStore::decode);
    }

    /** Reads the file and puts its rules in force. To be called once, before any other method. */
    public void load() throws IOException {
        List<AccessRule> loaded = file.read().orElse(List.of());
        if (!loaded.isEmpty()) {
            forwarder.access(loaded);
            LOG.info("{} firewall rules read back", loaded.size());
        }
        rules = loaded;
    }

    /** All rules with what they dropped, oldest first. */
    public List<FirewallRule> shown() {
        Map<AccessRule, String> counters = new LinkedHashMap<>();
        for (AccessCount count : forwarder.accessCounts()) {
            counters.put(count.rule(), count.packets() + ":" + count.bytes());
        }
        return rules.stream()
                .map(rule -> wire(rule, counters.getOrDefault(rule, "0:0")))
                .toList();
    }

    /** All rules as they are saved. */
    public List<FirewallRule> saved() {
        return rules.stream().map(rule -> wire(rule, "")).toList();
    }

    /**
     * Adds a rule, or replaces that of the same network.
     *
     * @throws ApiException 409 when it is there already, 403 when there are too many
     */
    public void post(AccessRule rule) {
        changes.lock();
        try {
            if (rules.contains(rule)) {
                throw new ApiException(409, "fwrule-exists error");
            }
            List<AccessRule> next = without(rule.source());
            next.add(rule);
            put(next);
            LOG.info("firewall: {} is {}", IpNetwork.text(rule.source()), rule.allowed() ? "allowed" : "dropped");
        } finally {
            changes.unlock();
        }
    }

    /** Removes the rule of a network; one that is not there counts as removed. */
    public void delete(SourcePrefix source) {
        changes.lock();
        try {
            List<AccessRule> next = without(source);
            if (next.size() < rules.size()) {
                put(next);
                LOG.info("firewall: the rule of {} is removed", IpNetwork.text(source));
            }
        } finally {
            changes.unlock();
        }
    }

    /** Puts these rules in the place of all; where one network comes twice the last one counts. */
    public void replaceAll(List<AccessRule> wanted) {
        Map<SourcePrefix, AccessRule> next = new LinkedHashMap<>();
        wanted.forEach(rule -> next.put(rule.source(), rule));
        changes.lock();
        try {
            put(List.copyOf(next.values()));
        } finally {
            changes.unlock();
        }
    }

    private List<AccessRule> without(SourcePrefix source) {
        List<AccessRule> rest = new ArrayList<>(rules);
        rest.removeIf(rule -> rule.source().equals(source));
        return rest;
    }

    /** In force, then on disk: what cannot be written is taken back. */
    private void put(List<AccessRule> next) {
        if (next.size() > RULES_MAX) {
            throw new ApiException(403, "capacity error: there are " + RULES_MAX + " firewall rules, delete some");
        }
        forwarder.access(List.copyOf(next));
        try {
            file.write(new FirewallRule.All(
                    next.stream().map(rule -> wire(rule, "")).toList()));
        } catch (IOException e) {
            LOG.error("firewall rules are not saved", e);
            forwarder.access(rules);
            throw new ApiException(
                    500, "state error: firewall rules are not saved (" + e + "), make room in the state directory");
        }
        rules = List.copyOf(next);
    }

    private static FirewallRule wire(AccessRule rule, String counter) {
        return new FirewallRule(
                new FirewallRule.Arguments(IpNetwork.text(rule.source()), "", 0, 0, 0, 0, 0, "", 0),
                FirewallRule.Options.of(rule.allowed(), counter));
    }

    private static List<AccessRule> decode(byte[] bytes) {
        return Json.read(bytes, FirewallRule.All.class).fwAttr().stream()
                .map(FirewallReader::read)
                .toList();
    }
}
