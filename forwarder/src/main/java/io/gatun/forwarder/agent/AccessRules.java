package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AccessCount;
import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.pipeline.AccessList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The access rules in force, each with what counts for it. One caller changes them, any thread reads. */
final class AccessRules {
    private volatile Map<AccessRule, AccessList.Entry> entries = Map.of();

    /** What the packet path reads; rules that stay keep their counts. */
    AccessList replace(List<AccessRule> rules) {
        Map<AccessRule, AccessList.Entry> next = new LinkedHashMap<>();
        for (AccessRule rule : rules) {
            AccessList.Entry known = entries.get(rule);
            next.put(
                    rule,
                    known == null ? new AccessList.Entry(ServiceBook.network(rule.source()), rule.allowed()) : known);
        }
        entries = next;
        return new AccessList(List.copyOf(next.values()));
    }

    List<AccessCount> counts() {
        return entries.entrySet().stream()
                .map(each -> new AccessCount(
                        each.getKey(),
                        each.getValue().packets(),
                        each.getValue().bytes()))
                .toList();
    }
}
