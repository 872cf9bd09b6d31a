package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.gatun.kube.ipam.AddressRequest;
import io.gatun.kube.ipam.Grant;
import io.gatun.kube.ipam.Ipam;
import io.gatun.kube.ipam.PortUse;
import io.gatun.kube.ipam.Wish;
import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** From the cluster to what is to be. */
public final class Conclusion {
    private final Options options;
    private final RuleMaker rules;
    private final Map<String, Holding> remembered;
    private final Map<RuleKey, Rule> wanted = new TreeMap<>();

    /** A Service of ours, with what it says. */
    private record Case(Service service, boolean released, Settings settings, List<Notice> notices, Holding holding) {}

    private Conclusion(Snapshot snapshot, Options options, Map<String, Holding> remembered) {
        this.options = options;
        this.remembered = remembered;
        this.rules = new RuleMaker(
                new Nodes(snapshot.nodes()), new Pods(snapshot.slices(), new Attachments(snapshot.pods())), options);
    }

    /**
     * Concludes.
     *
     * @param remembered what Services were given, which they may not show yet, by {@link Kube#key}
     */
    public static Desired of(Snapshot snapshot, Options options, Map<String, Holding> remembered) {
        return new Conclusion(snapshot, options, remembered).conclude(snapshot.services());
    }

    private Desired conclude(List<Service> services) {
        List<Case> cases =
                services.stream().flatMap(service -> ours(service).stream()).toList();
        List<AddressRequest> requests = cases.stream().map(Conclusion::request).toList();
        Map<String, List<Grant>> grants = Ipam.plan(options.pools(), options.unique(), requests);
        Map<String, ServicePlan> plans = new TreeMap<>();
        for (Case each : cases) {
            String key = Kube.key(each.service());
            plans.put(key, each.released() ? release(each) : serve(each, grants.get(key)));
        }
        return new Desired(wanted, plans);
    }

    private Optional<Case> ours(Service service) {
        boolean selected = selected(service);
        boolean marked = Kube.list(service.getMetadata().getFinalizers()).contains(options.finalizer());
        boolean released = Kube.deleted(service) || !selected;
        if ((released && !marked) || (!selected && foreign(service))) {
            return Optional.empty();
        }
        List<Notice> notices = new ArrayList<>();
        Holding holding = remembered.get(Kube.key(service));
        if (holding == null || !holding.uid().equals(service.getMetadata().getUid())) {
            holding = Holding.of(service, options);
        }
        return Optional.of(new Case(service, released, Settings.of(service, options, notices::add), notices, holding));
    }

    private boolean selected(Service service) {
        return isLoadBalancer(service) && isOfOurClass(service) && zone(service).equals(options.zone());
    }

    /** Whether a controller of another class has it; the finalizer is its own then. */
    private boolean foreign(Service service) {
        return isLoadBalancer(service) && !isOfOurClass(service);
    }

    /** One of no class is, when it asks for what no other kind of load balancer does. */
    private boolean isOfOurClass(Service service) {
        String named = service.getSpec().getLoadBalancerClass();
        return options.loadBalancerClass().equals(named) || (named == null && Attachments.wanted(service));
    }

    private static boolean isLoadBalancer(Service service) {
        return service.getSpec() != null
                && "LoadBalancer".equals(service.getSpec().getType());
    }

    private String zone(Service service) {
        return Kube.annotations(service).getOrDefault(Annotations.PREFIX + "zoneselect", options.zone());
    }

    /** A Service that goes keeps what it holds until load balancers have let go of it. */
    private static AddressRequest request(Case each) {
        Service service = each.service();
        Set<PortUse> held = each.holding().ports();
        List<Wish> wishes = each.released() ? List.of() : wishes(each);
        if (each.released()) {
            wishes = each.holding().addresses().stream()
                    .map(address -> new Wish(address.family(), "", Optional.of(address), Optional.of(address)))
                    .toList();
        }
        String created = service.getMetadata().getCreationTimestamp();
        return new AddressRequest(
                Kube.key(service),
                created == null ? "" : created,
                each.released() ? held : Kube.ports(service),
                held,
                wishes);
    }

    /** One for each family, then those of SCTP. */
    private static List<Wish> wishes(Case each) {
        Settings settings = each.settings();
        List<IpAddress> held = new ArrayList<>(each.holding().addresses());
        List<Wish> wishes = new ArrayList<>();
        for (Family family : settings.families()) {
            List<IpAddress> fixed = settings.fixed().stream()
                    .filter(address -> address.family() == family)
                    .toList();
            if (fixed.isEmpty()) {
                wishes.add(new Wish(family, settings.pool(), Optional.empty(), take(held, family)));
            }
            for (IpAddress address : fixed) {
                Optional<IpAddress> same = held.remove(address) ? Optional.of(address) : Optional.empty();
                wishes.add(new Wish(family, settings.pool(), Optional.of(address), same));
            }
        }
        for (String pool : settings.secondaryPools()) {
            wishes.add(new Wish(Family.IPV4, pool, Optional.empty(), take(held, Family.IPV4)));
        }
        return wishes;
    }

    private static Optional<IpAddress> take(List<IpAddress> held, Family family) {
        Optional<IpAddress> first =
                held.stream().filter(address -> address.family() == family).findFirst();
        first.ifPresent(held::remove);
        return first;
    }

    private ServicePlan release(Case each) {
        if (options.append()) {
            Attached.of(each.service()).endpoints().keySet().forEach(key -> leave(each, key));
        }
        return new ServicePlan(
                each.service(),
                true,
                each.holding().addresses(),
                List.of(),
                List.of(),
                each.holding().ports(),
                Optional.empty(),
                Set.of(),
                Attached.NONE,
                List.of());
    }

    private ServicePlan serve(Case each, List<Grant> grants) {
        int primaries = grants.size() - each.settings().secondaryPools().size();
        List<IpAddress> addresses = new ArrayList<>();
        List<IpAddress> secondaries = new ArrayList<>(each.settings().secondaryAddresses());
        List<IpAddress> fresh = new ArrayList<>();
        Optional<Grant.Refused> refusal = Optional.empty();
        for (int i = 0; i < grants.size(); i++) {
            switch (grants.get(i)) {
                case Grant.Address granted -> {
                    addresses.add(granted.value());
                    if (i >= primaries) {
                        secondaries.add(granted.value());
                    }
                    if (!granted.held()) {
                        fresh.add(granted.value());
                    }
                }
                case Grant.Refused refused -> refusal = Optional.of(refusal.orElse(refused));
            }
        }
        Set<RuleKey> keys = new TreeSet<>();
        Map<RuleKey, Set<RuleEndpoint>> attached = new TreeMap<>();
        for (IpAddress address : addresses) {
            if (!secondaries.contains(address)) {
                for (Rule rule :
                        rules.make(each.service(), each.settings(), address, secondaries, each.notices()::add)) {
                    if (options.append()) {
                        append(each.service(), rule, attached);
                    } else {
                        wanted.put(rule.key(), rule);
                    }
                    if (!rule.endpoints().isEmpty()) {
                        keys.add(rule.key());
                    }
                }
            }
        }
        if (options.append()) {
            Attached.of(each.service()).endpoints().keySet().stream()
                    .filter(key -> !attached.containsKey(key))
                    .forEach(key -> leave(each, key));
        }
        return new ServicePlan(
                each.service(),
                false,
                List.copyOf(addresses),
                List.copyOf(secondaries),
                fresh,
                Kube.ports(each.service()),
                refusal,
                keys,
                new Attached(attached),
                each.notices().stream().distinct().toList());
    }

    /** Only endpoints that are written on the Service already: it must be known whose they are before they are there. */
    private void append(Service service, Rule rule, Map<RuleKey, Set<RuleEndpoint>> attached) {
        Set<RuleEndpoint> written = Attached.of(service).of(rule.key());
        Set<RuleEndpoint> targets = new TreeSet<>();
        rule.endpoints().forEach(endpoint -> targets.add(endpoint.target()));
        attached.put(rule.key(), targets);
        want(rule.with(
                rule.name(),
                rule.endpoints().stream()
                        .filter(endpoint -> written.contains(endpoint.target()))
                        .toList(),
                written.stream().filter(endpoint -> !targets.contains(endpoint)).toList()));
    }

    private void leave(Case each, RuleKey key) {
        Set<RuleEndpoint> written = Attached.of(each.service()).of(key);
        Rule rule = rules.leaving(each.service(), each.settings(), key);
        want(rule.with(rule.name(), List.of(), List.copyOf(written)));
    }

    /** Of two Services of which one has left a rule to the other, both have a say. */
    private void want(Rule rule) {
        if (!rule.endpoints().isEmpty() || !rule.absent().isEmpty()) {
            wanted.merge(
                    rule.key(),
                    rule,
                    (before, now) -> before.endpoints().isEmpty() ? absent(now, before) : absent(before, now));
        }
    }

    private static Rule absent(Rule rule, Rule left) {
        List<RuleEndpoint> absent = new ArrayList<>(rule.absent());
        absent.addAll(left.absent());
        rule.endpoints().forEach(endpoint -> absent.remove(endpoint.target()));
        return rule.with(rule.name(), rule.endpoints(), absent);
    }
}
