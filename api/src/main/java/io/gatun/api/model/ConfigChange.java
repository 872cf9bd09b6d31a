package io.gatun.api.model;

import java.util.List;

/**
 * Answer to a change or a reload of settings.
 *
 * @param changed those that are in force now: {@code priority 100 -> 150}
 * @param restart those that only a restart puts in force
 */
public record ConfigChange(String result, List<String> changed, List<String> restart) {
    public ConfigChange {
        changed = List.copyOf(changed);
        restart = List.copyOf(restart);
    }
}
