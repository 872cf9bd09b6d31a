package io.gatun.api.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The option {@code --firewallRule=KEY:VALUE,...} of loxicmd. */
final class FirewallRule {
    static final String OPTION = "--firewallRule";
    static final String LABEL = "KEY:VALUE";
    static final String DESCRIPTION = "sourceIP, destinationIP (in CIDR notation), minSourcePort, maxSourcePort,"
            + " minDestinationPort, maxDestinationPort, protocol (a number), portName, preference";

    private static final Set<String> WORDS = Set.of("sourceIP", "destinationIP", "portName");
    private static final Set<String> NUMBERS = Set.of(
            "minSourcePort", "maxSourcePort", "minDestinationPort", "maxDestinationPort", "protocol", "preference");

    private FirewallRule() {}

    /** What the rule matches, with the types of the wire. A value may have colons: addresses of IPv6 do. */
    static Map<String, Object> read(CommandSpec spec, List<String> pairs) {
        Map<String, Object> rule = new LinkedHashMap<>();
        for (String pair : pairs) {
            int colon = pair.indexOf(':');
            String key = colon < 0 ? pair : pair.substring(0, colon);
            String value = colon < 0 ? "" : pair.substring(colon + 1);
            if (WORDS.contains(key) && !value.isEmpty()) {
                rule.put(key, value);
            } else if (NUMBERS.contains(key) && value.matches("\\d{1,9}")) {
                rule.put(key, Integer.parseInt(value));
            } else {
                throw new ParameterException(spec.commandLine(), OPTION + "=" + pair + ", " + cure(key));
            }
        }
        return rule;
    }

    private static String cure(String key) {
        if (WORDS.contains(key)) {
            return "give " + key + ":VALUE such as " + (key.equals("portName") ? "portName:eth0" : key + ":10.0.0.0/8");
        }
        return NUMBERS.contains(key) ? "give " + key + " a number such as " + key + ":80" : "give " + DESCRIPTION;
    }
}
