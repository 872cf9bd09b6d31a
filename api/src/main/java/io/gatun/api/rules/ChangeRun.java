package io.gatun.api.rules;

import io.gatun.api.model.ApiException;
import io.gatun.forwarder.control.ServiceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes that can be made in one step: either rules of different keys are put, or rules are taken away. It only thinks;
 * nothing is in force or on disk yet.
 */
final class ChangeRun {
    private final Map<ServiceKey, Rule> rules;
    private final Map<ServiceKey, Together.Asked<RuleChange>> puts = new LinkedHashMap<>();
    private final List<Together.Asked<RuleChange>> removals = new ArrayList<>();
    private final List<Rule> gone = new ArrayList<>();

    /** Begins with the rules in force. */
    ChangeRun(Map<ServiceKey, Rule> inForce) {
        rules = new LinkedHashMap<>(inForce);
    }

    /**
     * Takes a change in.
     *
     * @return false when those that are in have to be made first: it asks for another kind of step, for a rule that is
     *     being put, or cannot be made beside them
     */
    boolean take(Together.Asked<RuleChange> asked) {
        RuleChange.Step step;
        try {
            step = asked.change().against(rules);
        } catch (ApiException e) {
            if (!isEmpty()) {
                return false;
            }
            asked.refused(e);
            return true;
        }
        return switch (step) {
            case RuleChange.Put(Rule rule) -> put(rule, asked);
            case RuleChange.Remove(List<Rule> some) -> remove(some, asked);
            case RuleChange.Nothing _ -> nothing(asked);
        };
    }

    private boolean put(Rule rule, Together.Asked<RuleChange> asked) {
        if (!removals.isEmpty() || puts.containsKey(rule.key())) {
            return false;
        }
        puts.put(rule.key(), asked);
        rules.put(rule.key(), rule);
        return true;
    }

    private boolean remove(List<Rule> some, Together.Asked<RuleChange> asked) {
        if (!puts.isEmpty()) {
            return false;
        }
        removals.add(asked);
        gone.addAll(some);
        some.forEach(rule -> rules.remove(rule.key()));
        return true;
    }

    private boolean nothing(Together.Asked<RuleChange> asked) {
        if (!isEmpty()) {
            return false;
        }
        asked.made();
        return true;
    }

    boolean isEmpty() {
        return puts.isEmpty() && removals.isEmpty();
    }

    /** The rule is not put after all. */
    void refuse(ServiceKey key, Rule present, ApiException cause) {
        puts.remove(key).refused(cause);
        if (present == null) {
            rules.remove(key);
        } else {
            rules.put(key, present);
        }
    }

    /** What there is once the run is made, oldest first. */
    Map<ServiceKey, Rule> rules() {
        return rules;
    }

    /** Rules to put. */
    List<Rule> put() {
        return puts.keySet().stream().map(rules::get).toList();
    }

    /** Rules to take away. */
    List<Rule> gone() {
        return gone;
    }

    void made() {
        puts.values().forEach(Together.Asked::made);
        removals.forEach(Together.Asked::made);
    }

    void refused(RuntimeException cause) {
        puts.values().forEach(asked -> asked.refused(cause));
        removals.forEach(asked -> asked.refused(cause));
    }
}
