package io.gatun.api.config;

import java.util.List;
import java.util.Optional;

/** What kind of values a setting takes. */
public enum SettingShape {
    ONE,
    LIST,
    /** true or false. */
    SWITCH;

    /** What is wrong with these values as {@code name=values, cure}; empty when nothing is. */
    Optional<String> fault(String name, List<String> values) {
        String given = name + "=" + String.join(",", values) + ", ";
        if (values.isEmpty() || values.stream().anyMatch(String::isBlank)) {
            return Optional.of(name + " has no value, give one or leave it out");
        }
        if (this != LIST && values.size() > 1) {
            return Optional.of(given + "give one value");
        }
        if (this == SWITCH && !List.of("true", "false").contains(values.getFirst())) {
            return Optional.of(given + "give true or false");
        }
        return Optional.empty();
    }
}
