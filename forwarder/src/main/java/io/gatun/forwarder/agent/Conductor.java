package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.FlowPredicate;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Explanation;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.LinkListener;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.AccessList;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.SharedFlows;
import io.gatun.forwarder.pipeline.SourceFilter;
import io.gatun.forwarder.pipeline.Trace;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns everything that changes slowly: rules, network state, steering, expiry. Publishes what the packet path reads. */
final class Conductor implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
    private static final int COMMANDS_PER_CYCLE = 16;
    /** Enough for the routes of all VIPs that a takeover makes: each publication looks at all rules. */
    private static final int DATAGRAMS_PER_CYCLE = 1024;

    /**
     * What the node before us opened last is known here a few milliseconds after we are sent its packets. A RST would end
     * what a repeated segment, after 200 ms at least, finds alive.
     */
    private static final long QUIET_AFTER_TAKEOVER_NS = TimeUnit.SECONDS.toNanos(1);

    private final NanoClock clock;
    private final Queue<Runnable> commands;
    private final NetworkState network;
    private final ServedInterfaces interfaces;
    private final SnatPolicy snatPolicy;
    private final ReservedPorts reservedPorts;
    private final SharedFlows shared;
    private final FlowTable flows;
    private final Expiry expiry;
    private final Neighbours neighbours;
    private final PublishedTables published;
    private final ServiceBook services;
    private final LocalPair localPair;
    private final LinkWatch links;
    private final CurrentPlacement placements;
    private final HostRoutes hostRoutes = new HostRoutes();
    private long networkVersion;
    private NextHopTable nextHops;
    private Trace trace;
    private long quietUntilNs = ServiceTable.NEVER;
    private AccessList access = AccessList.EVERYBODY;
    private boolean routesDue;

    Conductor(
            NanoClock clock,
            Queue<Runnable> commands,
            NetworkState network,
            ServedInterfaces interfaces,
            LocalPair localPair,
            SnatPolicy snatPolicy,
            ReservedPorts reservedPorts,
            SharedFlows shared,
            ServiceBook services,
            Neighbours neighbours,
            PublishedTables published,
            AtomicCounter connections,
            CurrentSettings settings) {
        this.clock = clock;
        this.commands = commands;
        this.network = network;
        this.interfaces = interfaces;
        this.localPair = localPair;
        this.snatPolicy = snatPolicy;
        this.reservedPorts = reservedPorts;
        this.shared = shared;
        this.flows = shared.table();
        this.services = services;
        this.neighbours = neighbours;
        this.published = published;
        this.expiry = new Expiry(shared, services, connections, settings);
        this.links = new LinkWatch(network.links());
        this.placements = new CurrentPlacement(interfaces, localPair != null);
        this.networkVersion = network.version();
        this.nextHops = published.current().nextHops();
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        int work = runCommands();
        applyRoutes();
        work += followNetwork();
        work += neighbours.doWork(nowNs, network, nextHops);
        work += expiry.sweep(nowNs);
        interfaces.doWork(nowNs);
        return work;
    }

    /** Tells what becomes of the links of served interfaces from now on. Any thread. */
    void onLinks(LinkListener listener) {
        links.listener(listener);
    }

    /** A service that can be served, and what it means for steering. */
    private record Admitted(ServiceSpec spec, SnatChoice snat, SteeringPlan.Rule steered) {}

    /**
     * Adds or replaces services, all in force at the same moment.
     *
     * @param specs of different keys
     * @return those that are rejected, and why; of these nothing has changed
     */
    Map<ServiceKey, RejectedException> putAll(Collection<ServiceSpec> specs) {
        Map<ServiceKey, RejectedException> rejected = new LinkedHashMap<>();
        EndpointPlacement placement = placement();
        List<Admitted> admitted = new ArrayList<>();
        for (ServiceSpec spec : specs) {
            try {
                admitted.add(admit(spec, placement, admitted));
            } catch (RejectedException e) {
                rejected.put(spec.key(), e);
            }
        }
        SteeringPlan plan;
        try {
            plan = steeringPlanWith(admitted, placement);
        } catch (RejectedException tooMany) {
            if (admitted.size() == 1) {
                rejected.put(admitted.getFirst().spec().key(), tooMany);
            } else {
                admitted.forEach(each -> rejected.putAll(putAll(List.of(each.spec()))));
            }
            return rejected;
        }
        putInForce(admitted, placement, plan);
        return rejected;
    }

    private void putInForce(List<Admitted> admitted, EndpointPlacement placement, SteeringPlan plan) {
        if (admitted.isEmpty()) {
            return;
        }
        List<Runnable> ends = new ArrayList<>();
        for (Admitted each : admitted) {
            ServiceSpec spec = each.spec();
            reservePorts(spec, each.snat());
            ServiceBook.Entry before = services.find(spec.key());
            boolean narrowed = before != null && !before.spec().allowedSources().equals(spec.allowedSources());
            List<Integer> gone = services.put(spec, each.snat());
            ServiceBook.Entry entry = services.find(spec.key());
            if (!gone.isEmpty()) {
                ends.add(() -> remove(entry, flow -> gone.contains(flow.endpointIndex())));
            }
            if (narrowed) {
                ends.add(() -> remove(entry, flow -> isDenied(flow, entry.allowed())));
            }
        }
        publish(placement, plan);
        applyRoutes();
        ends.forEach(Runnable::run);
    }

    /** If it can be served at all, beside those that are there and those that come with it. */
    private Admitted admit(ServiceSpec spec, EndpointPlacement placement, List<Admitted> others) {
        placement.check(spec);
        rejectOverlap(spec, others);
        SnatChoice snat = source(spec, placement);
        List<Endpoints.Endpoint> endpoints = spec.endpoints().stream()
                .map(endpoint -> placement.endpoint(spec, endpoint, 0, snat))
                .toList();
        return new Admitted(spec, snat, new SteeringPlan.Rule(spec, ServiceBook.Placed.sources(endpoints)));
    }

    private void reservePorts(ServiceSpec spec, SnatChoice snat) {
        if (spec.mode() != NatMode.DNAT && spec.mode() != NatMode.DSR && !snat.moves()) {
            reservedPorts.reserve(snat.ports());
        }
    }

    /**
     * Removes services, all at the same moment.
     *
     * @return how many of them there were
     */
    int removeAll(Collection<ServiceKey> keys) {
        List<ServiceBook.Entry> gone =
                keys.stream().map(services::remove).filter(Objects::nonNull).toList();
        if (!gone.isEmpty()) {
            publish();
            applyRoutes();
            gone.forEach(entry -> remove(entry, flow -> true));
        }
        return gone.size();
    }

    void admitNewFlows(Set<InetAddress> vips, boolean allowed) {
        if (services.admitNewFlows(vips, allowed)) {
            if (allowed && shared.changes().areWanted()) {
                quietUntilNs = clock.nanoTime() + QUIET_AFTER_TAKEOVER_NS;
            }
            publish(placement(), interfaces.plan());
        }
    }

    /** Publishes once for all of them: a host that dies is an endpoint of many services. */
    void endpointHealth(List<EndpointHealth> changes) {
        boolean changed = false;
        for (EndpointHealth change : changes) {
            changed |= services.endpointHealth(change);
        }
        if (changed) {
            publish(placement(), interfaces.plan());
        }
    }

    /** Changes the engine of an interface. */
    void switchEngine(String interfaceName, IoEngine engine) {
        interfaces.switchEngine(interfaceName, engine, network);
        publish();
    }

    /** Shows packets to a trace from now on, or to none. */
    void trace(Trace wanted) {
        if (wanted != null && trace != null) {
            throw new RejectedException(
                    RejectedException.Kind.CONFLICT, "another trace is running, wait for its end or stop it");
        }
        trace = wanted;
        publishAllButRules();
    }

    /** The ifindex of a link of this host, served or not. */
    OptionalInt linkIndex(String name) {
        return network.link(name).stream().mapToInt(LinkEvent::index).findFirst();
    }

    /** Drops what comes from where this says from now on. */
    void access(AccessList wanted) {
        access = wanted;
        publishAllButRules();
    }

    /** Tells what would become of a packet. */
    Explanation explain(ExplainQuery query) {
        List<Explainer.Steered> steered = interfaces.list().stream()
                .map(one -> new Explainer.Steered(one.name(), one.index(), one.engine(), one.inForce()))
                .toList();
        IntFunction<String> names =
                index -> network.link(index).map(LinkEvent::name).orElse("link " + index);
        return new Explainer(published.current(), flows, services, steered, names).explain(query);
    }

    /** The rule with this id by its key and name, or none when it is gone. */
    Optional<String> ruleText(int serviceId) {
        return Optional.ofNullable(services.byId(serviceId)).map(ServiceBook.Entry::text);
    }

    private void remove(ServiceBook.Entry entry, FlowPredicate chosen) {
        flows.removeIf(
                entry.id(),
                flow -> {
                    boolean gone = chosen.test(flow);
                    if (gone) {
                        shared.halfOpen().forget(flow);
                    }
                    return gone;
                },
                nowTick());
    }

    private int nowTick() {
        return FlowTable.tick(clock.nanoTime());
    }

    private int runCommands() {
        int done = 0;
        Runnable command;
        while (done < COMMANDS_PER_CYCLE && (command = commands.poll()) != null) {
            command.run();
            done++;
        }
        return done;
    }

    private int followNetwork() {
        int changes = network.poll(DATAGRAMS_PER_CYCLE);
        if (network.version() != networkVersion) {
            networkVersion = network.version();
            interfaces.followLinks(network);
            nextHops = NextHopSnapshots.of(network);
            if (placements.isCurrent(network)) {
                publishAllButRules();
            } else {
                publish();
            }
            links.follow(interfaces.among(network.links())); // last: whoever announces itself now must be ready
        }
        return changes;
    }

    private void publish() {
        EndpointPlacement placement = placement();
        try {
            publish(placement, SteeringPlan.of(rules(placement), ownAddresses()));
        } catch (RejectedException e) {
            // A change of the network can make a plan too large that was not: then the one in force stays.
            LOG.error("steering stays as it was before the network changed: {}", e.getMessage());
            publish(placement, interfaces.plan());
        }
    }

    /** Packet path first, then steering: a packet that is steered to us must find its rule. */
    private void publish(EndpointPlacement placement, SteeringPlan plan) {
        ServiceTable table = services.table(placement, ownAddresses(), quietUntilNs);
        published.publish(new ForwardingTables(table, nextHops, interfaces.localDelivery(), trace, access));
        interfaces.steer(plan);
        routesDue = true;
    }

    /**
     * What programs of this node need besides. A change of rules is answered when it holds for them too; a takeover does
     * not wait for hundreds of routes.
     */
    private void applyRoutes() {
        if (routesDue && localPair != null) {
            localPair.apply(hostRoutes.of(published.current().services(), ownAddresses()));
        }
        routesDue = false;
    }

    /** Where only MACs, access or the trace have changed: rules and steering are what they were. */
    private void publishAllButRules() {
        ServiceTable table = published.current().services();
        published.publish(new ForwardingTables(table, nextHops, interfaces.localDelivery(), trace, access));
    }

    /** Plans the steering of the start, when there are no rules yet. */
    void steer() {
        interfaces.steer(SteeringPlan.of(rules(placement()), ownAddresses()));
    }

    private List<SteeringPlan.Rule> rules(EndpointPlacement placement) {
        List<SteeringPlan.Rule> rules = new ArrayList<>();
        for (ServiceBook.Entry entry : services.entries()) {
            rules.add(rule(entry, placement));
        }
        return rules;
    }

    /** Refuses services for which the steering program has no room, before anything is changed. */
    private SteeringPlan steeringPlanWith(List<Admitted> admitted, EndpointPlacement placement) {
        if (admitted.stream().allMatch(each -> steersAsBefore(each, placement))) {
            return interfaces.plan();
        }
        Set<ServiceKey> changed = new HashSet<>();
        admitted.forEach(each -> changed.add(each.spec().key()));
        List<SteeringPlan.Rule> rules = new ArrayList<>();
        for (ServiceBook.Entry entry : services.entries()) {
            if (!changed.contains(entry.spec().key())) {
                rules.add(rule(entry, placement));
            }
        }
        admitted.forEach(each -> rules.add(each.steered()));
        return SteeringPlan.of(rules, ownAddresses());
    }

    private boolean steersAsBefore(Admitted change, EndpointPlacement placement) {
        ServiceBook.Entry entry = services.find(change.spec().key());
        return entry != null && change.steered().steersAs(rule(entry, placement));
    }

    private static SteeringPlan.Rule rule(ServiceBook.Entry entry, EndpointPlacement placement) {
        return new SteeringPlan.Rule(entry.spec(), entry.placed(placement).sources());
    }

    private EndpointPlacement placement() {
        return placements.of(network, nextHops);
    }

    private Set<InetAddress> ownAddresses() {
        return new NodeAddresses(network.allAddresses(), 0).ownAddresses();
    }

    /** The source towards the endpoints, from the addresses of the link that leads to them. */
    private SnatChoice source(ServiceSpec spec, EndpointPlacement placement) {
        int link = spec.endpoints().stream()
                .flatMap(endpoint -> placement.link(endpoint.address()).stream())
                .findFirst()
                .orElseGet(() -> linkOf(spec.key().vip()));
        String name = network.link(link).map(LinkEvent::name).orElse("link " + link);
        return snatPolicy.choose(spec, new NodeAddresses(network.allAddresses(), link), name);
    }

    /** The served interface in whose subnet an address lies, else the first one. */
    private int linkOf(InetAddress address) {
        for (ServedInterface served : interfaces.list()) {
            if (new NodeAddresses(network.allAddresses(), served.index()).isOnLink(address)) {
                return served.index();
            }
        }
        return interfaces.list().getFirst().index();
    }

    private void rejectOverlap(ServiceSpec spec, List<Admitted> others) {
        ServiceKey key = spec.key();
        if (key.port() == key.portMax()) {
            return;
        }
        for (ServiceBook.Entry entry : services.entries()) {
            rejectOverlap(key, entry.spec().key());
        }
        for (Admitted other : others) {
            rejectOverlap(key, other.spec().key());
        }
    }

    private static void rejectOverlap(ServiceKey key, ServiceKey other) {
        if (other.port() != other.portMax()
                && !other.equals(key)
                && other.vip().equals(key.vip())
                && other.protocol() == key.protocol()
                && other.port() <= key.portMax()
                && key.port() <= other.portMax()) {
            throw new RejectedException(
                    RejectedException.Kind.CONFLICT,
                    "port=" + key.port() + "-" + key.portMax() + ", overlaps the range of " + other
                            + ", give ranges that do not");
        }
    }

    private static boolean isDenied(FlowSlot flow, SourceFilter allowed) {
        InetAddress client = flow.isReply() ? null : FlowAddresses.source(flow);
        return client != null && !allowed.allows(Addresses.high(client), Addresses.low(client));
    }

    @Override
    public String roleName() {
        return "conductor";
    }
}
