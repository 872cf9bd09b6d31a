package io.gatun.api.config;

import java.util.List;

/**
 * A setting that was given.
 *
 * @param name of its flag, without the dashes
 * @param values one, or several where the flag may be given more than once
 * @param origin where it is given, for people: {@code /etc/gatun/gatun.yaml:3}, {@code GATUN_VRID}
 */
public record Setting(String name, List<String> values, String origin) {
    public Setting {
        values = List.copyOf(values);
    }

    /** A text of all values. */
    public String text() {
        return String.join(",", values);
    }
}
