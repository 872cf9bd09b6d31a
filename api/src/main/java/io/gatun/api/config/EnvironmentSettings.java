package io.gatun.api.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings from the environment: {@code GATUN_ADVERT_INTERVAL} is {@code advert-interval}. A list has commas; an empty
 * variable counts as none. A variable that resembles no setting is somebody else's and is left alone: Kubernetes makes
 * {@code GATUN_SERVICE_HOST} and more of a service that is called gatun.
 */
public final class EnvironmentSettings {
    private static final String PREFIX = "GATUN_";
    /** Of the client verbs, which may be used in the same shell. */
    private static final String CLIENT_PREFIX = "GATUN_CLIENT_";

    private EnvironmentSettings() {}

    /** The variable of a setting. */
    public static String variable(String name) {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * Those that are given.
     *
     * @param known all settings that there are
     */
    public static Map<String, Setting> read(
            Map<String, String> environment, Map<String, SettingShape> known, Problems problems) {
        Map<String, String> names =
                known.keySet().stream().collect(Collectors.toMap(EnvironmentSettings::variable, name -> name));
        Map<String, Setting> settings = new LinkedHashMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith(PREFIX) || variable.startsWith(CLIENT_PREFIX) || value.isEmpty()) {
                return;
            }
            String name = names.get(variable);
            if (name == null) {
                Optional<String> meant = Spelling.nearest(variable.substring(PREFIX.length()), bare(names));
                meant.ifPresent(
                        word -> problems.add("unknown variable " + variable + ", did you mean " + PREFIX + word + "?"));
                return;
            }
            SettingShape shape = known.get(name);
            List<String> values =
                    shape == SettingShape.LIST ? Arrays.asList(value.split(",", -1)) : List.of(value.strip());
            shape.fault(variable, values).ifPresentOrElse(problems::add, () -> {
                var _ = settings.put(name, new Setting(name, values, variable));
            });
        });
        return settings;
    }

    private static List<String> bare(Map<String, String> variables) {
        return variables.keySet().stream()
                .map(variable -> variable.substring(PREFIX.length()))
                .toList();
    }
}
