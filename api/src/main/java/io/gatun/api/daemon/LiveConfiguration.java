package io.gatun.api.daemon;

import io.gatun.api.config.Setting;
import io.gatun.api.config.Spelling;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.ConfigChange;
import io.gatun.api.model.ConfigReport;
import io.gatun.api.state.SettingsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings while running: read anew on SIGHUP, changed through the API. Either all that can change does or, when
 * anything is wrong, nothing does. Changes of the API are on disk before they are answered.
 */
public final class LiveConfiguration {
    /** Those that a running process can change; the others wait for its next start. */
    static final Set<String> LIVE = new TreeSet<>(Set.of(
            "log-level",
            "priority",
            "witness",
            "traffic-alarm",
            "probe-interval",
            "probe-timeout",
            "probe-fall",
            "probe-rise"));

    private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Configuration configuration;
    private final SettingsFile file;
    private final Consumer<Concluded> parts;
    private volatile Map<String, Setting> inForce;

    /**
     * Nothing is read or changed yet.
     *
     * @param started what this process has started with
     * @param parts told what can change while running, whenever that has changed
     */
    LiveConfiguration(Configuration configuration, Concluded started, SettingsFile file, Consumer<Concluded> parts) {
        this.configuration = configuration;
        this.file = file;
        this.parts = parts;
        this.inForce = byName(started.settings());
    }

    /** What is in force, setting by setting. */
    public ConfigReport report() {
        List<ConfigReport.Row> rows = new ArrayList<>();
        for (Setting setting : inForce.values()) {
            rows.add(new ConfigReport.Row(
                    setting.name(), setting.text(), setting.origin(), LIVE.contains(setting.name())));
        }
        return new ConfigReport(rows);
    }

    /**
     * Reads file and environment again.
     *
     * @throws StartException with all that is wrong; then nothing has changed
     */
    public ConfigChange reload() {
        lock.lock();
        try {
            return putInForce(configuration.read(file.read()), "configuration read again");
        } catch (IOException e) {
            throw new StartException(file + " cannot be read (" + e + "), make it readable", e);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #reload}, for a caller that only has the log to be told by. */
    void reloadOrTell() {
        try {
            reload();
        } catch (StartException e) {
            LOG.error("configuration not read again, nothing has changed: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("configuration not read again, nothing has changed", e);
        }
    }

    /**
     * Changes settings, to last over restarts.
     *
     * @param changes name to value, or to null for what file, environment or flags say
     * @throws ApiException when any of it is refused or cannot be saved; then nothing has changed
     */
    public ConfigChange change(Map<String, Object> changes) {
        checkNames(changes);
        lock.lock();
        try {
            Map<String, String> next = new TreeMap<>(file.read());
            changes.forEach((name, value) -> {
                if (value == null) {
                    next.remove(name);
                } else {
                    next.put(name, String.valueOf(value));
                }
            });
            Concluded concluded = configuration.read(next);
            file.write(next);
            return putInForce(concluded, "settings changed through the API");
        } catch (StartException e) {
            throw new ApiException(400, e.getMessage());
        } catch (IOException e) {
            LOG.error("settings are not saved: {}", e.toString());
            throw new ApiException(
                    500,
                    "state error: settings are not saved (" + e
                            + "), make the state directory writable and room in it");
        } finally {
            lock.unlock();
        }
    }

    private void checkNames(Map<String, Object> changes) {
        List<String> refusals = new ArrayList<>();
        for (Map.Entry<String, Object> change : changes.entrySet()) {
            String name = change.getKey();
            if (inForce.containsKey(name) && !LIVE.contains(name)) {
                refusals.add(name + " cannot change while gatun runs, change it where it is set and restart gatun");
            } else if (!LIVE.contains(name)) {
                String cure = Spelling.nearest(name, LIVE)
                        .map(word -> "did you mean '" + word + "'?")
                        .orElse("give " + String.join(", ", LIVE));
                refusals.add("unknown setting '" + name + "', " + cure);
            } else if (change.getValue() instanceof Map || change.getValue() instanceof List) {
                refusals.add(name + " is no plain value, give one");
            }
        }
        if (changes.isEmpty()) {
            refusals.add("no setting is given, send an object such as {\"log-level\":\"debug\"}");
        }
        if (!refusals.isEmpty()) {
            throw new ApiException(400, String.join("; ", refusals));
        }
    }

    private ConfigChange putInForce(Concluded concluded, String what) {
        Map<String, Setting> next = byName(concluded.settings());
        Set<String> names = new TreeSet<>(inForce.keySet());
        names.addAll(next.keySet());
        List<String> changed = new ArrayList<>();
        List<String> restart = new ArrayList<>();
        Map<String, Setting> now = new LinkedHashMap<>(inForce);
        for (String name : names) {
            String before = text(inForce.get(name));
            String after = text(next.get(name));
            if (LIVE.contains(name)) {
                now.put(name, next.get(name));
            }
            if (!before.equals(after)) {
                (LIVE.contains(name) ? changed : restart).add(name + " " + before + " -> " + after);
            }
        }
        parts.accept(concluded);
        inForce = now;
        LOG.info("{}: changed: {}; only a restart changes: {}", what, listed(changed), listed(restart));
        return new ConfigChange("Success", changed, restart);
    }

    private static String text(Setting setting) {
        return setting == null ? "(none)" : setting.text();
    }

    private static String listed(List<String> changes) {
        return changes.isEmpty() ? "nothing" : String.join(", ", changes);
    }

    private static Map<String, Setting> byName(List<Setting> settings) {
        Map<String, Setting> byName = new LinkedHashMap<>();
        settings.forEach(setting -> byName.put(setting.name(), setting));
        return byName;
    }
}
