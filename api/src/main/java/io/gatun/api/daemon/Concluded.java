package io.gatun.api.daemon;

import io.gatun.api.config.Setting;
import java.util.List;

/**
 * What flags, environment, file and API come to.
 *
 * @param options for the parts
 * @param tuning what else can change while running
 * @param settings all that have a value, each with where it comes from
 * @param remarks on settings that have no effect, a sentence each
 */
public record Concluded(RunOptions options, Tuning tuning, List<Setting> settings, List<String> remarks) {
    public Concluded {
        settings = List.copyOf(settings);
        remarks = List.copyOf(remarks);
    }

    /** Of options that come from nowhere else. */
    static Concluded of(RunOptions options) {
        return new Concluded(options, Tuning.DEFAULT, List.of(), List.of());
    }
}
