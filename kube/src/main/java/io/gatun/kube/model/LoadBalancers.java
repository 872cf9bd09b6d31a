package io.gatun.kube.model;

import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** All load balancers that are to have the same rules. Calls return at once; work is done behind. */
public interface LoadBalancers extends AutoCloseable {
    /**
     * From now on each load balancer is to have exactly these rules of ours (rules whose name is not of our form
     * {@code <ns>_<svc>:<inst>} are left alone). Where others may have endpoints of the same rules, only the endpoints
     * named here are attached and detached.
     */
    void want(Map<RuleKey, Rule> rules);

    /** The set changes: base URLs like http://10.0.0.5:11111. */
    void members(Collection<URI> baseUrls);

    /** Whether every member holds the rule with this key as last wanted (or, when it is not wanted, no longer holds it). */
    RuleState state(RuleKey key);

    /** Called, from one thread, after the state of keys may have changed. */
    void onChange(Consumer<Set<RuleKey>> listener);

    @Override
    void close();
}
