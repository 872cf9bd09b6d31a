package io.gatun.kube.desired;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which nodes take connections of a Service: {@code key}, {@code !key}, {@code key=value}, {@code key!=value}, separated
 * by commas, all of which must hold.
 */
record NodeFilter(List<Term> terms) {
    static final NodeFilter ALL = new NodeFilter(List.of());

    /** {@code value} is empty where the label only has to be there. */
    record Term(String key, String value, boolean wanted) {
        boolean holds(Map<String, String> labels) {
            String label = labels.get(key);
            return (label != null && (value.isEmpty() || value.equals(label))) == wanted;
        }
    }

    static NodeFilter of(Annotations read) {
        List<Term> terms = new ArrayList<>();
        for (String part : read.list("nodelabel")) {
            int equals = part.indexOf('=');
            boolean negated = part.startsWith("!") || (equals > 0 && part.charAt(equals - 1) == '!');
            String key = (equals < 0 ? part : part.substring(0, equals))
                    .replace("!", "")
                    .strip();
            String value = equals < 0
                    ? ""
                    : part.substring(equals + 1).replaceFirst("^=", "").strip();
            if (key.isEmpty() || (equals >= 0 && value.isEmpty())) {
                return read.bad("nodelabel", "give labels such as node-role=edge", ALL);
            }
            terms.add(new Term(key, value, !negated));
        }
        return new NodeFilter(terms);
    }

    boolean matches(Map<String, String> labels) {
        return terms.stream().allMatch(term -> term.holds(labels));
    }
}
