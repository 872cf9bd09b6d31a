package io.gatun.api.testkit;

import java.util.ArrayList;
import java.util.List;

/** The body of a rule that a test puts together. */
public record RuleBody(List<String> arguments, List<String> endpoints, List<String> sources) {
    /** A rule without endpoints yet. */
    public static RuleBody of(String vip, String protocol, int port) {
        return new RuleBody(
                List.of("\"externalIP\":\"" + vip + "\"", "\"protocol\":\"" + protocol + "\"", "\"port\":" + port),
                List.of(),
                List.of());
    }

    /** With one more argument, its value as JSON writes it. */
    public RuleBody with(String name, Object value) {
        return new RuleBody(plus(arguments, "\"" + name + "\":" + value), endpoints, sources);
    }

    public RuleBody endpoint(String address, int port) {
        return endpoint(address, port, 1);
    }

    public RuleBody endpoint(String address, int port, int weight) {
        return new RuleBody(
                arguments,
                plus(
                        endpoints,
                        "{\"endpointIP\":\"" + address + "\",\"targetPort\":" + port + ",\"weight\":" + weight + "}"),
                sources);
    }

    public RuleBody source(String prefix) {
        return new RuleBody(arguments, endpoints, plus(sources, "{\"prefix\":\"" + prefix + "\"}"));
    }

    public String json() {
        return "{\"serviceArguments\":{" + String.join(",", arguments) + "},\"allowedSources\":["
                + String.join(",", sources) + "],\"endpoints\":[" + String.join(",", endpoints) + "]}";
    }

    private static List<String> plus(List<String> list, String item) {
        List<String> all = new ArrayList<>(list);
        all.add(item);
        return List.copyOf(all);
    }
}
