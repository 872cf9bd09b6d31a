package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.ProgramRecord;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.Activity;
import io.gatun.forwarder.control.AgentPulse;
import io.gatun.forwarder.control.ConnectionExchange;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.control.TableFill;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.CountersFile;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.HalfOpenFlows;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.SharedFlows;
import io.gatun.forwarder.sync.TableExchange;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that a running forwarder consists of: opened in order, closed in the opposite one. */
final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int COMMANDS_MAX = 1_024;
    /** Entries that a connection has in the table. */
    private static final int DIRECTIONS = 2;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Consumer<Throwable> onFailure;
    private final NanoClock clock = System::nanoTime;
    private final ManyToOneConcurrentArrayQueue<Runnable> commands = new ManyToOneConcurrentArrayQueue<>(COMMANDS_MAX);
    private final ServiceBook services = new ServiceBook();
    private final CurrentSettings settings;
    private final CountersFile counters;
    private final SharedFlows shared;
    private final FlowTable flows;
    private final ServedInterfaces interfaces;
    private final ConductorIdle idle = new ConductorIdle();
    private final Conductor conductor;
    private final PublishedTables published;
    private final ConnectionExchange exchange;

    Engine(ForwarderOptions options, Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
        this.settings = new CurrentSettings(Settings.DEFAULT.withSpin(options.idle() == ForwarderOptions.Idle.SPIN));
        try {
            Libc libc = Libc.system();
            Connections connections = own(Connections.open(options, clock));
            NetworkState network = own(NetworkState.open(libc));
            List<LinkEvent> chosen = InterfaceChoice.resolve(options.interfaces(), network);
            this.counters = own(CountersFile.create(options.runDirectory()));
            NextHopTable nextHops = NextHopSnapshots.of(network);
            this.published = new PublishedTables(new ForwardingTables(ServiceTable.of(List.of()), nextHops));
            Neighbours neighbours = new Neighbours(services);
            this.interfaces = own(new ServedInterfaces(
                    libc,
                    clock,
                    options.io(),
                    new AgentThreads(libc, settings, options.agentPriority()),
                    counters,
                    ProgramRecord.open(options.runDirectory()),
                    published,
                    neighbours,
                    this::onAgentError));
            chosen.forEach(interfaces::open);
            LocalPair localPair = openLocalPair(libc, network, chosen);
            SharedFlows shared = connections.await();
            this.shared = shared;
            this.flows = shared.table();
            this.exchange = options.exchange() ? new TableExchange(shared, published, clock, counters.manager()) : null;
            this.conductor = new Conductor(
                    clock,
                    commands,
                    network,
                    interfaces,
                    localPair,
                    new SnatPolicy(options),
                    own(new ReservedPorts(ReservedPorts.SYSCTL)),
                    shared,
                    services,
                    neighbours,
                    published,
                    counters.manager().newCounter("table connections"),
                    settings);
            conductor.steer();
            interfaces.start(shared);
            AgentRunner runner = own(new AgentRunner(idle, this::onConductorError, null, conductor));
            AgentRunner.startOnThread(runner);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Hands a command to the conductor. Any thread. @return false when too many wait */
    boolean command(Runnable command) {
        boolean queued = commands.offer(command);
        idle.wake();
        return queued;
    }

    Conductor conductor() {
        return conductor;
    }

    Snapshots snapshots() {
        return new Snapshots(services, flows, clock, exchange != null);
    }

    /** Puts the steering programs in force. Conductor's thread. */
    void attach() {
        interfaces.attach();
    }

    List<PortSnapshot> ports() {
        return interfaces.snapshots();
    }

    /** Counters of all agents, summed by what follows the agent's name in their labels. */
    Map<String, Long> counters() {
        Map<String, Long> sums = new TreeMap<>();
        counters.values().forEach((label, value) -> {
            String name = label.substring(label.indexOf(' ') + 1);
            sums.merge(name, value, name.equals(AgentCounters.DUTY_CYCLE_MAX) ? Long::max : Long::sum);
        });
        return sums;
    }

    /** The same agent by agent. Any thread. */
    Map<String, Map<String, Long>> agentCounters() {
        Map<String, Map<String, Long>> agents = new TreeMap<>();
        counters.values().forEach((label, value) -> {
            int space = label.indexOf(' ');
            agents.computeIfAbsent(label.substring(0, space), agent -> new TreeMap<>())
                    .put(label.substring(space + 1), value);
        });
        return agents;
    }

    Settings settings() {
        return settings.current();
    }

    /** Conductor's thread, which opens and closes the sockets. */
    void settings(Settings wanted) {
        interfaces.settings(wanted);
    }

    /** Any thread. */
    TableFill fill() {
        HalfOpenFlows halfOpen = shared.halfOpen();
        return new TableFill(flows.liveCount(), flows.capacity(), halfOpen.total(), halfOpen.max());
    }

    /** Of all agents that there have been. Any thread. */
    Activity activity() {
        long transmitted = 0;
        long withoutConnection = 0;
        for (AgentCounters each : interfaces.agentCounters()) {
            transmitted += each.transmitted();
            withoutConnection += each.drops(DropReason.NO_FLOW);
        }
        return new Activity(transmitted, withoutConnection, flows.liveCount() / DIRECTIONS);
    }

    /** Conductor's thread, which opens and closes the rings. */
    List<AgentPulse> pulses() {
        return interfaces.pulses();
    }

    /** Name of the agent with this number, such as {@code eth0/0}. */
    String agentName(int agent) {
        return interfaces.agentName(agent);
    }

    /** Where connections go to other nodes, or null when there are none. */
    ConnectionExchange exchange() {
        return exchange;
    }

    PublishedTables published() {
        return published;
    }

    /** The way between this node's own programs and us; without it the rest works all the same. */
    private LocalPair openLocalPair(Libc libc, NetworkState network, List<LinkEvent> chosen) {
        LocalPair pair = null;
        try {
            interfaces.claimLocalPair();
            pair = LocalPair.open(libc, network, chosen);
            interfaces.openLocalPair(pair);
            return pair;
        } catch (RejectedException | SysException e) {
            LOG.warn("endpoints and clients on this node are not served: {}", e.getMessage());
            CloseHelper.quietClose(pair);
            return null;
        }
    }

    /** Slow state survives an error of one event; the packet path does not go on with broken invariants. */
    private void onConductorError(Throwable error) {
        LOG.error("the conductor failed at one step and goes on", error);
    }

    private void onAgentError(Throwable error) {
        LOG.error("a forwarder agent failed, forwarding ends", error);
        onFailure.accept(error);
    }

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(e -> LOG.warn("closing the forwarder: {}", e.toString(), e), opened);
        opened.clear();
    }
}
