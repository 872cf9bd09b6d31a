package io.gatun.api.rules;

import io.gatun.api.model.Json;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.state.ChangeLog;
import io.gatun.api.state.StateFile;
import io.gatun.forwarder.control.ServiceKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules on disk: all of them as they were once, in {@code rules.json}, and every change since, in
 * {@code rules.changes-N} and the files that follow it, where N is in {@code rules.json}. For use by one thread at a
 * time.
 */
final class RuleFile {
    /** Changes until all rules are written again. */
    static final int CHANGES_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(RuleFile.class);

    private final Path directory;
    private final StateFile<Snapshot> all;
    /** Of the first file of changes since {@code rules.json}, and of the one written to. */
    private long first;

    private long number;
    private ChangeLog<Change> log;
    private int changes;

    /** {@code rules.json}; the number is absent when a person has written it. */
    private record SavedRules(long changes, List<LoadBalancer> lbAttr) {}

    /** A line of {@code rules.changes-N}: rules to take away, then a rule to put, if any. */
    private record SavedChange(List<LoadBalancer> remove, LoadBalancer put) {}

    private record Snapshot(long changes, List<Rule> rules) {}

    private record Change(List<Rule> gone, Rule put) {}

    /** Names a directory; nothing is read or written yet. */
    RuleFile(Path directory) {
        this.directory = directory;
        all = new StateFile<>(directory.resolve("rules.json"), RuleFile::snapshot);
    }

    /** The rules last written, in their order. To be called once, before any other method. */
    Map<ServiceKey, Rule> read() throws IOException {
        Map<ServiceKey, Rule> rules = new LinkedHashMap<>();
        all.read().ifPresent(snapshot -> {
            snapshot.rules().forEach(rule -> rules.put(rule.key(), rule));
            first = snapshot.changes();
        });
        number = first;
        for (log = log(number); log.exists(); log = log(number)) {
            for (Change change : log.read()) {
                change.gone().forEach(rule -> rules.remove(rule.key()));
                if (change.put() != null) {
                    rules.put(change.put().key(), change.put());
                }
                changes++;
            }
            number++;
        }
        return rules;
    }

    /**
     * Adds or replaces rules, all of them or, when this fails, none.
     *
     * @param rules all, with these
     */
    void putAll(List<Rule> changed, Map<ServiceKey, Rule> rules) throws IOException {
        save(
                changed.stream()
                        .map(rule -> new SavedChange(List.of(), rule.entry()))
                        .toList(),
                rules);
    }

    /**
     * Takes rules away, all of them or, when this fails, none.
     *
     * @param rules all that are left
     */
    void remove(List<Rule> gone, Map<ServiceKey, Rule> rules) throws IOException {
        save(List.of(new SavedChange(entries(gone), null)), rules);
    }

    private void save(List<SavedChange> made, Map<ServiceKey, Rule> rules) throws IOException {
        if (!log.exists()) {
            // What a file of changes that nothing led to has left must not be taken for this one's successor.
            log(number + 1).delete();
        }
        log.append(made);
        changes += made.size();
        if (changes >= CHANGES_MAX) {
            writeAll(rules);
        }
    }

    /** The changes are on disk already: a failure only means that there will be more of them to read. */
    private void writeAll(Map<ServiceKey, Rule> rules) {
        try {
            replaceAll(rules);
        } catch (IOException e) {
            LOG.warn("rules.json is not written, its changes go on", e);
        }
    }

    /** Puts these rules in the place of all, or, when this fails, leaves all. */
    void replaceAll(Map<ServiceKey, Rule> rules) throws IOException {
        long next = number + 1;
        log(next).delete();
        all.write(new SavedRules(next, entries(rules.values())));
        // The rules.json before this one needs those since its own.
        for (long old = first - 1; log(old).delete(); old--) {}
        first = next;
        number = next;
        log = log(next);
        changes = 0;
    }

    private ChangeLog<Change> log(long number) {
        return new ChangeLog<>(directory.resolve("rules.changes-" + number), RuleFile::change);
    }

    private static List<LoadBalancer> entries(Collection<Rule> rules) {
        return rules.stream().map(Rule::entry).toList();
    }

    private static List<Rule> rules(List<LoadBalancer> entries) {
        return entries.stream().map(RuleReader::read).toList();
    }

    private static Snapshot snapshot(byte[] bytes) {
        SavedRules saved = Json.read(bytes, SavedRules.class);
        return new Snapshot(saved.changes(), rules(saved.lbAttr()));
    }

    private static Change change(byte[] line) {
        SavedChange saved = Json.read(line, SavedChange.class);
        return new Change(rules(saved.remove()), saved.put() == null ? null : RuleReader.read(saved.put()));
    }
}
