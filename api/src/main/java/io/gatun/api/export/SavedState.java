package io.gatun.api.export;

import io.gatun.api.endpoints.EndpointStore;
import io.gatun.api.firewall.FirewallReader;
import io.gatun.api.firewall.FirewallStore;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.BfdEntry;
import io.gatun.api.model.Exported;
import io.gatun.api.model.Json;
import io.gatun.api.model.Params;
import io.gatun.api.params.ParamsStore;
import io.gatun.api.rules.Rule;
import io.gatun.api.rules.RuleStore;
import io.gatun.api.state.StateFile;
import io.gatun.forwarder.control.AccessRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports and imports. Imports are made one at a time, and whole: the document lies in {@code import.json} of the state
 * directory while its parts go into the files of their stores, and is read again by a start that finds it there.
 */
public final class SavedState {
    private static final Logger LOG = LoggerFactory.getLogger(SavedState.class);

    private final ReentrantLock imports = new ReentrantLock();
    private final StateFile<Exported> underWay;
    private final RuleStore rules;
    private final EndpointStore endpoints;
    private final FirewallStore firewall;
    private final ParamsStore params;

    /**
     * Of stores that keep their files in this directory.
     *
     * @param stateDir where {@code import.json} is while an import is under way
     */
    public SavedState(
            Path stateDir, RuleStore rules, EndpointStore endpoints, FirewallStore firewall, ParamsStore params) {
        this.underWay = new StateFile<>(stateDir.resolve("import.json"), bytes -> Json.read(bytes, Exported.class));
        this.rules = rules;
        this.endpoints = endpoints;
        this.firewall = firewall;
        this.params = params;
    }

    /** What is saved now. */
    public Exported all() {
        return new Exported(
                rules.saved(),
                endpoints.entries(),
                endpoints.red(),
                firewall.saved(),
                params.savedBfd(),
                new Params(params.savedLogLevel()));
    }

    /**
     * Makes an import again that a crash has cut off. To be called once, when all stores have loaded and before anybody
     * else may change them.
     */
    public void finishImport() throws IOException {
        Optional<Exported> cutOff = underWay.read();
        if (cutOff.isEmpty()) {
            return;
        }
        LOG.warn("an import was cut off, it is made again");
        try {
            replace(cutOff.get());
        } catch (RuntimeException e) {
            LOG.error("it is refused now, parts of it may be in force: import again. {}", e.getMessage());
            underWay.delete();
        }
    }

    /**
     * Puts a document in the place of what is saved.
     *
     * @throws ApiException when any part of it is refused; then nothing has changed
     */
    public void replace(Exported wanted) {
        Checked checked = check(wanted);
        imports.lock();
        try {
            begin(wanted);
            Exported before = all();
            Deque<Runnable> undo = new ArrayDeque<>();
            try {
                apply(checked, before, undo);
            } catch (RuntimeException e) {
                undo.forEach(SavedState::attempt);
                end();
                throw e;
            }
            end();
        } finally {
            imports.unlock();
        }
    }

    private void begin(Exported wanted) {
        try {
            underWay.write(wanted);
        } catch (IOException e) {
            LOG.error("an import cannot be saved", e);
            throw new ApiException(
                    500, "state error: the import is not saved (" + e + "), make room in the state directory");
        }
    }

    /** All of it is in the stores' files, or none. */
    private void end() {
        try {
            underWay.delete();
        } catch (IOException e) {
            LOG.error(
                    "import.json of the state directory stays, and the next start will import it again: delete it", e);
        }
    }

    /** Parts that are null stay as they are. */
    private record Checked(List<Rule> rules, Exported rest, List<AccessRule> firewall) {}

    private Checked check(Exported wanted) {
        withoutNull("lbAttr", wanted.lbAttr());
        withoutNull("epAttr", wanted.epAttr());
        withoutNull("epStateAttr", wanted.epStateAttr());
        withoutNull("bfdAttr", wanted.bfdAttr());
        EndpointStore.check(orEmpty(wanted.epAttr()), orEmpty(wanted.epStateAttr()));
        List<AccessRule> firewalled = wanted.fwAttr() == null
                ? null
                : wanted.fwAttr().stream().map(FirewallReader::read).toList();
        orEmpty(wanted.bfdAttr()).forEach(params::checkBfd);
        String level = level(wanted.params());
        if (level != null && !level.isEmpty()) {
            ParamsStore.checkLogLevel(level);
        }
        List<Rule> checked = wanted.lbAttr() == null ? null : RuleStore.check(wanted.lbAttr());
        return new Checked(checked, wanted, firewalled);
    }

    private void apply(Checked wanted, Exported before, Deque<Runnable> undo) {
        Exported rest = wanted.rest();
        if (wanted.firewall() != null) {
            List<AccessRule> old =
                    before.fwAttr().stream().map(FirewallReader::read).toList();
            firewall.replaceAll(wanted.firewall());
            undo.push(() -> firewall.replaceAll(old));
        }
        if (rest.epAttr() != null || rest.epStateAttr() != null) {
            endpoints.replaceAll(
                    rest.epAttr() == null ? before.epAttr() : rest.epAttr(),
                    rest.epStateAttr() == null ? before.epStateAttr() : rest.epStateAttr());
            undo.push(() -> endpoints.replaceAll(before.epAttr(), before.epStateAttr()));
        }
        if (wanted.rules() != null) {
            rules.replaceAll(wanted.rules());
            undo.push(() -> rules.replaceAll(RuleStore.check(before.lbAttr())));
        }
        List<BfdEntry> bfd = rest.bfdAttr();
        String level = level(rest.params());
        if (bfd != null || level != null) {
            params.replaceAll(level, bfd); // last: nobody undoes intervals that were agreed with a peer
        }
        LOG.info("configuration imported");
    }

    private static void attempt(Runnable undo) {
        try {
            undo.run();
        } catch (RuntimeException e) {
            LOG.error("part of a refused import stays in force", e);
        }
    }

    private static String level(Params params) {
        return params == null ? null : params.logLevel();
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }

    private static void withoutNull(String field, List<?> list) {
        if (list != null && list.stream().anyMatch(item -> item == null)) {
            throw ApiException.unreadable(field + " has an item that is null, leave it out");
        }
    }
}
