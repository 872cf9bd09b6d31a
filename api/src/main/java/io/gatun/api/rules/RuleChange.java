package io.gatun.api.rules;

import io.gatun.api.model.ApiException;
import io.gatun.forwarder.control.ServiceKey;
import java.util.List;
import java.util.Map;

/** What somebody wants of the rules, whatever they will be when it is its turn. */
interface RuleChange {
    /**
     * What that is for these rules.
     *
     * @throws ApiException when it is refused
     */
    Step against(Map<ServiceKey, Rule> rules);

    /** What is to be done. */
    sealed interface Step {}

    /** Adds a rule or replaces the one of its key. */
    record Put(Rule rule) implements Step {}

    /** Takes rules away that are there. */
    record Remove(List<Rule> rules) implements Step {}

    /** The rules are as wanted. */
    record Nothing() implements Step {}
}
