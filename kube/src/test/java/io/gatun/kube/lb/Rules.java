package io.gatun.kube.lb;

import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import io.gatun.kube.model.RuleProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rules to test with. */
final class Rules {
    private Rules() {}

    static RuleKey key(int number) {
        return new RuleKey("192.168.80." + (100 + number % 100), 1000 + number / 100, "tcp");
    }

    /** A plain rule with so many endpoints. */
    static Rule plain(int number, int endpoints) {
        List<RuleEndpoint> all = new ArrayList<>();
        for (int i = 1; i <= endpoints; i++) {
            all.add(new RuleEndpoint("192.168.81." + i, 30_000 + number, 1));
        }
        return with(number, all, List.of(), 1, 1800);
    }

    static Rule with(int number, List<RuleEndpoint> endpoints, List<String> sources, int mode, int timeoutS) {
        return new Rule(
                key(number),
                "default_web" + number + ":llb-inst0",
                mode,
                0,
                timeoutS,
                false,
                RuleProbe.UNSAID,
                false,
                "",
                List.of(),
                sources,
                endpoints);
    }

    /** With all that Gatun takes. */
    static Rule full(int number) {
        return new Rule(
                key(number),
                "default_full" + number + ":llb-inst0",
                2,
                3,
                0,
                false,
                new RuleProbe("http", 8080, "/healthz", "ok", 5, 3),
                false,
                "192.168.80.9",
                List.of(),
                List.of("10.1.2.3/8", "192.168.0.7"),
                List.of(new RuleEndpoint("192.168.81.2", 8080, 1), new RuleEndpoint("192.168.81.1", 8080, 3)));
    }

    static Map<RuleKey, Rule> map(Rule... rules) {
        Map<RuleKey, Rule> map = new LinkedHashMap<>();
        for (Rule rule : rules) {
            map.put(rule.key(), rule);
        }
        return map;
    }

    static Map<RuleKey, Rule> plain(int count) {
        Map<RuleKey, Rule> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            map.put(key(i), plain(i, 2));
        }
        return map;
    }
}
