package io.gatun.forwarder.agent;

import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** Owns everything that changes slowly: rules, network state, steering, expiry. Publishes what the packet path reads. */
final class Conductor implements Agent {
    private static final int COMMANDS_PER_CYCLE = 16;
    private static final int DATAGRAMS_PER_CYCLE = 64;

    private final NanoClock clock;
    private final Queue<Runnable> commands;
    private final NetworkState network;
    private final List<ServedInterface> interfaces;
    private final SnatPolicy snatPolicy;
    private final ReservedPorts reservedPorts;
    private final FlowTable flows;
    private final Expiry expiry;
    private final Neighbours neighbours;
    private final PublishedTables published;
    private final ServiceBook services;

    private long networkVersion;
    private NextHopTable nextHops;

    Conductor(
            NanoClock clock,
            Queue<Runnable> commands,
            NetworkState network,
            List<ServedInterface> interfaces,
            SnatPolicy snatPolicy,
            ReservedPorts reservedPorts,
            FlowTable flows,
            ServiceBook services,
            Neighbours neighbours,
            PublishedTables published) {
        this.clock = clock;
        this.commands = commands;
        this.network = network;
        this.interfaces = interfaces;
        this.snatPolicy = snatPolicy;
        this.reservedPorts = reservedPorts;
        this.flows = flows;
        this.services = services;
        this.neighbours = neighbours;
        this.published = published;
        this.expiry = new Expiry(flows, services);
        this.networkVersion = network.version();
        this.nextHops = published.current().nextHops();
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        int work = runCommands();
        work += followNetwork();
        work += neighbours.doWork(nowNs, network, nextHops);
        work += expiry.sweep(nowNs);
        return work;
    }

    /** Adds or replaces a service; nothing changes when it is rejected. */
    void put(ServiceSpec spec) {
        ServedInterface served = servedBy(spec);
        SnatChoice snat = snatPolicy.choose((Inet4Address) spec.key().vip(), served.addresses(network), served.name());
        if (spec.mode() == NatMode.ONE_ARM && !snat.moves()) {
            reservedPorts.reserve(snat.ports());
        }
        List<Integer> gone = services.put(spec, snat);
        publish();
        if (!gone.isEmpty()) {
            int id = services.find(spec.key()).id();
            flows.removeIf(flow -> flow.serviceId() == id && gone.contains(flow.endpointIndex()), nowTick());
        }
    }

    boolean remove(ServiceKey key) {
        ServiceBook.Entry entry = services.remove(key);
        if (entry == null) {
            return false;
        }
        publish();
        flows.removeIf(flow -> flow.serviceId() == entry.id(), nowTick());
        return true;
    }

    void admitNewFlows(InetAddress vip, boolean allowed) {
        if (services.admitNewFlows(vip, allowed)) {
            publish();
        }
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
            nextHops = NextHopSnapshots.of(network);
            publish();
        }
        return changes;
    }

    /** Packet path first, then steering: a packet that is steered to us must find its rule. */
    private void publish() {
        published.publish(new ForwardingTables(services.table(), nextHops));
        steer();
    }

    /** Brings every interface's steering up to date. */
    void steer() {
        for (ServedInterface served : interfaces) {
            served.steer(services, network);
        }
    }

    /** The one interface through which all endpoints are reached. */
    private ServedInterface servedBy(ServiceSpec spec) {
        ServedInterface found = null;
        for (EndpointSpec endpoint : spec.endpoints()) {
            long hop = nextHops.nextHopFor(Ipv4.toInt((Inet4Address) endpoint.address()));
            ServedInterface served = hop < 0 ? null : byIndex(NextHopTable.ifindex(hop));
            if (served == null) {
                throw RejectedException.invalid(
                        "endpointIP",
                        endpoint.address().getHostAddress(),
                        "is in no network that is reached through " + names()
                                + ": add a route, or serve its interface too");
            }
            found = served;
        }
        return found;
    }

    private ServedInterface byIndex(int interfaceIndex) {
        for (ServedInterface served : interfaces) {
            if (served.index() == interfaceIndex) {
                return served;
            }
        }
        return null;
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (ServedInterface served : interfaces) {
            names.add(served.name());
        }
        return names;
    }

    @Override
    public String roleName() {
        return "conductor";
    }
}
