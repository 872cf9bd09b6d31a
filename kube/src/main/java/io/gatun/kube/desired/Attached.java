package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.model.IpAddress;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Endpoints of one Service that load balancers may have, where others may have endpoints of the same rules: whose one is,
 * a load balancer does not tell. It is written on the Service before they are attached, and stays there until they are
 * detached everywhere.
 *
 * @param endpoints by rule, with weight 0
 */
public record Attached(Map<RuleKey, Set<RuleEndpoint>> endpoints) {
    public static final String ANNOTATION = "gatun.io/endpoints";
    static final Attached NONE = new Attached(Map.of());

    private static final String ADDRESS_PORT = "(?:\\[([0-9a-f:]+)]|([0-9.]+)):(\\d{1,5})";
    private static final Pattern RULE = Pattern.compile(ADDRESS_PORT + "/([a-z]+)=(\\S+)");
    private static final Pattern ENDPOINT = Pattern.compile(ADDRESS_PORT);

    /** What is written on it; what cannot be read is not there. */
    static Attached of(Service service) {
        Map<RuleKey, Set<RuleEndpoint>> all = new TreeMap<>();
        Matcher rule = RULE.matcher(Kube.annotations(service).getOrDefault(ANNOTATION, ""));
        while (rule.find()) {
            Set<RuleEndpoint> endpoints = new TreeSet<>();
            Matcher endpoint = ENDPOINT.matcher(rule.group(5));
            while (endpoint.find()) {
                IpAddress.parse(address(endpoint))
                        .ifPresent(address -> endpoints.add(
                                new RuleEndpoint(address.toString(), Integer.parseInt(endpoint.group(3)), 0)));
            }
            all.put(new RuleKey(address(rule), Integer.parseInt(rule.group(3)), rule.group(4)), endpoints);
        }
        return new Attached(all);
    }

    private static String address(Matcher matcher) {
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    Set<RuleEndpoint> of(RuleKey key) {
        return endpoints.getOrDefault(key, Set.of());
    }

    /** These, and those of what was written before that are not gone. */
    Attached and(Attached before, Predicate<RuleKey> gone) {
        Map<RuleKey, Set<RuleEndpoint>> all = new TreeMap<>();
        endpoints.forEach((key, each) -> all.put(key, new TreeSet<>(each)));
        before.endpoints().forEach((key, each) -> {
            if (!gone.test(key)) {
                all.computeIfAbsent(key, ignored -> new TreeSet<>()).addAll(each);
            }
        });
        all.values().removeIf(Set::isEmpty);
        return new Attached(all);
    }

    /** As it is written: {@code 192.168.80.200:80/tcp=192.168.80.101:30080,...}, one rule after the other. */
    public String text() {
        StringBuilder text = new StringBuilder();
        endpoints.forEach((key, each) -> {
            text.append(text.isEmpty() ? "" : " ").append(key).append('=');
            String comma = "";
            for (RuleEndpoint endpoint : each) {
                String address =
                        endpoint.address().indexOf(':') < 0 ? endpoint.address() : "[" + endpoint.address() + "]";
                text.append(comma).append(address).append(':').append(endpoint.port());
                comma = ",";
            }
        });
        return text.toString();
    }
}
