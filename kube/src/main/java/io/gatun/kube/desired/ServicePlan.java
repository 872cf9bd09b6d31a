package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.ipam.Grant;
import io.gatun.kube.ipam.PortUse;
import io.gatun.kube.model.IpAddress;
import io.gatun.kube.model.RuleKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What is to become of one Service.
 *
 * @param service as it is in the cluster
 * @param released whether its rules are to go, and then its finalizer
 * @param addresses that it has from now on
 * @param secondary those of them that only accompany others, in SCTP
 * @param fresh those of them that it did not have before
 * @param ports on each of them
 * @param refusal why it lacks an address
 * @param rules the keys of rules that are wanted for it
 * @param attached the endpoints that are wanted for it, where others may have some of the same rules
 * @param notices what to tell about it
 */
public record ServicePlan(
        Service service,
        boolean released,
        List<IpAddress> addresses,
        List<IpAddress> secondary,
        List<IpAddress> fresh,
        Set<PortUse> ports,
        Optional<Grant.Refused> refusal,
        Set<RuleKey> rules,
        Attached attached,
        List<Notice> notices) {

    /** {@code <namespace>/<name>}. */
    public String key() {
        return Kube.key(service);
    }

    /** What it holds, to be written on it. */
    public Holding holding() {
        return new Holding(service.getMetadata().getUid(), addresses, ports);
    }

    /**
     * Endpoints that load balancers may have of it from now on, to be written on it.
     *
     * @param gone whether nothing of a rule is left on any load balancer that is not wanted there
     */
    public Attached attached(Predicate<RuleKey> gone) {
        return attached.and(Attached.of(service), gone);
    }

    /** All keys that a load balancer may have rules of. */
    public Set<RuleKey> keys() {
        Set<RuleKey> keys = new TreeSet<>(rules);
        keys.addAll(Attached.of(service).endpoints().keySet());
        for (IpAddress address : addresses) {
            ports.forEach(port -> keys.add(new RuleKey(address.toString(), port.port(), port.protocol())));
        }
        return keys;
    }
}
