package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.ProgramRecord;
import io.gatun.forwarder.control.AgentPulse;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.CountersFile;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.pipeline.LocalDelivery;
import io.gatun.forwarder.pipeline.Pipeline;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.SharedFlows;
import io.gatun.forwarder.raw.CrossPort;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interfaces that are served, with the agents that move their packets: opened, given another engine, closed when
 * their link is deleted and opened again when it is back. The conductor's thread; {@link #list} may be read by any.
 */
final class ServedInterfaces implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedInterfaces.class);
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Libc libc;
    private final InterfaceLocks locks;
    private final NanoClock clock;
    private final IoEngine engine;
    private final AgentThreads threads;
    private final CountersFile counters;
    private final ProgramRecord programs;
    private final PublishedTables published;
    private final Neighbours neighbours;
    private final Consumer<Throwable> onAgentFailure;
    private final List<Running> running = new CopyOnWriteArrayList<>();
    private final Map<String, AgentCounters> agentCounters = new ConcurrentHashMap<>();
    private final Map<String, IoEngine> awaited = new HashMap<>();
    private final List<String> agentNames = new CopyOnWriteArrayList<>();
    private SharedFlows flows;
    private LocalPair localPair;
    private SteeringPlan inForce = SteeringPlan.empty();
    private boolean attached;
    private long nextLookNs;

    /** An interface and what serves it. */
    private record Running(ServedInterface served, List<Worker> workers) {}

    /** An agent with its thread. */
    private record Worker(String name, AgentRunner runner, EgressPorts egress, FramePort port, AgentCounters counters) {
        /** Without carrier frames stay where they are, which is no fault of the ring. */
        AgentPulse pulse(boolean carrier) {
            int completed = port.completed();
            return new AgentPulse(name, counters.cycles(), carrier ? port.submitted() : completed, completed);
        }
    }

    ServedInterfaces(
            Libc libc,
            NanoClock clock,
            IoEngine engine,
            AgentThreads threads,
            CountersFile counters,
            ProgramRecord programs,
            PublishedTables published,
            Neighbours neighbours,
            Consumer<Throwable> onAgentFailure) {
        this.libc = libc;
        this.locks = new InterfaceLocks(libc);
        this.clock = clock;
        this.engine = engine;
        this.threads = threads;
        this.counters = counters;
        this.programs = programs;
        this.published = published;
        this.neighbours = neighbours;
        this.onAgentFailure = onAgentFailure;
    }

    /** Opens an interface by the engine that was asked for at the start. */
    void open(LinkEvent link) {
        open(link, engine);
    }

    /** Takes the right to make and serve the local pair. */
    void claimLocalPair() {
        locks.acquire(LocalPair.POLLED_SIDE);
    }

    /** Opens our end of the local pair, which is closed with the interfaces. */
    void openLocalPair(LocalPair pair) {
        open(pair.polled(), engine == IoEngine.XDP ? IoEngine.XDP : IoEngine.RAW);
        localPair = pair;
    }

    /** What agents need to hand packets to the host. */
    LocalDelivery localDelivery() {
        return localPair == null
                ? LocalDelivery.NONE
                : new LocalDelivery(localPair.polled().index(), LocalPair.HOST_MAC);
    }

    /** The interfaces that are open now, in the order in which they were asked for. */
    List<ServedInterface> list() {
        return running.stream().map(Running::served).toList();
    }

    /** Those of the links whose interfaces are served. */
    List<LinkEvent> among(List<LinkEvent> links) {
        Set<Integer> served = list().stream().map(ServedInterface::index).collect(Collectors.toSet());
        return links.stream().filter(link -> served.contains(link.index())).toList();
    }

    /** Name of the agent with this number. */
    String agentName(int agent) {
        return agentNames.get(agent);
    }

    List<AgentPulse> pulses() {
        return running.stream()
                .flatMap(one -> one.workers.stream().map(worker -> worker.pulse(one.served.carrier())))
                .toList();
    }

    /** Of all agents that there have been. Any thread. */
    Collection<AgentCounters> agentCounters() {
        return agentCounters.values();
    }

    List<PortSnapshot> snapshots() {
        return list().stream().map(ServedInterface::snapshot).toList();
    }

    /** Starts the agents of all interfaces. */
    void start(SharedFlows shared) {
        flows = shared;
        running.forEach(this::start);
    }

    /** Brings every interface's steering program up to date, and those that are opened later. */
    void steer(SteeringPlan plan) {
        inForce = plan;
        running.forEach(one -> one.served.steer(plan));
    }

    /** The plan in force. */
    SteeringPlan plan() {
        return inForce;
    }

    /** What may change without an event. */
    void doWork(long nowNs) {
        if (nowNs - nextLookNs >= 0) {
            nextLookNs = nowNs + LOOK_EVERY_NS;
            running.forEach(one -> one.served.followNapi());
        }
    }

    /**
     * Puts settings in force on all agents.
     *
     * @throws RejectedException when they cannot be; then nothing has changed
     */
    void settings(Settings wanted) {
        threads.check(wanted);
        Settings before = threads.settings().current();
        try {
            busyPoll(wanted);
        } catch (SysException e) {
            busyPoll(before);
            throw RejectedException.invalid(
                    "spin", wanted.spin(), "the kernel does not let us poll: " + e.getMessage());
        }
        threads.settings().change(wanted);
    }

    private void busyPoll(Settings wanted) {
        for (ServedInterface served : list()) {
            served.busyPoll(AgentThreads.busyPollBudget(wanted, served.name()));
        }
    }

    private int busyPollBudget(String name) {
        return AgentThreads.busyPollBudget(threads.settings().current(), name);
    }

    /** Puts the steering programs in force. */
    void attach() {
        attached = true;
        for (ServedInterface served : list()) {
            served.attach();
            served.detachOtherHook();
        }
    }

    /**
     * Gives an interface another engine. The new one's sockets take packets before the old one's program goes, so none
     * reaches the host; what the old one holds is lost.
     */
    void switchEngine(String name, IoEngine asked, NetworkState network) {
        Running old = running.stream()
                .filter(one -> one.served.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> RejectedException.invalid("interface", name, "is not served here, there are " + names()));
        LinkEvent link = network.link(name)
                .orElseThrow(() -> RejectedException.invalid("interface", name, "is gone, wait until it is back"));
        EngineChoice choice = EngineChoice.of(asked, name, link.mtu());
        if (choice.engine() == old.served.engine()) {
            return;
        }
        Running fresh = new Running(served(link, choice), new ArrayList<>());
        try {
            fresh.served.steer(inForce);
            if (attached) {
                fresh.served.attach();
            }
        } catch (RuntimeException e) {
            fresh.served.close();
            throw e;
        }
        old.served.detach();
        stop(old);
        running.set(running.indexOf(old), fresh);
        start(fresh);
    }

    /** Closes what has lost its link, opens what has it back, and notes which links are up. */
    void followLinks(NetworkState network) {
        for (Running one : List.copyOf(running)) {
            LinkEvent link = network.link(one.served.name()).orElse(null);
            if (link == null || link.index() != one.served.index()) {
                LOG.warn("{}: the link is gone, it is served again when it is back", one.served.name());
                awaited.put(one.served.name(), one.served.engine());
                giveUp(one);
            } else {
                one.served.link(link.enabled(), link.up());
            }
        }
        for (Map.Entry<String, IoEngine> gone : List.copyOf(awaited.entrySet())) {
            network.link(gone.getKey()).filter(LinkEvent::enabled).ifPresent(link -> reopen(link, gone.getValue()));
        }
    }

    private void reopen(LinkEvent link, IoEngine wanted) {
        Running fresh = null;
        try {
            fresh = open(link, wanted);
            fresh.served.steer(inForce);
            if (attached) {
                fresh.served.attach();
            }
            start(fresh);
            awaited.remove(link.name());
        } catch (RejectedException | SysException | UncheckedIOException e) {
            LOG.warn("{}: is back, but cannot be served yet: {}", link.name(), e.getMessage());
            if (fresh != null) {
                giveUp(fresh);
            }
        }
    }

    private void giveUp(Running one) {
        running.remove(one);
        stop(one);
        forgetExits(one.served.index());
    }

    private ServedInterface served(LinkEvent link, EngineChoice choice) {
        return ServedInterface.open(libc, link, choice, busyPollBudget(link.name()), programs);
    }

    private Running open(LinkEvent link, IoEngine asked) {
        EngineChoice choice = EngineChoice.of(asked, link.name(), link.mtu());
        locks.acquire(link.name());
        Running one = new Running(served(link, choice), new ArrayList<>());
        running.add(one);
        try {
            for (Running other : running) {
                for (Worker worker : other.workers) {
                    worker.egress.add(link.index(), link.mac(), CrossPort.open(libc, link.index()));
                }
            }
            return one;
        } catch (RuntimeException e) {
            giveUp(one);
            throw e;
        }
    }

    private void start(Running one) {
        int queue = 0;
        for (FramePort port : one.served.ports()) {
            String name = one.served.name() + "/" + queue++;
            AgentCounters own = agentCounters.computeIfAbsent(name, n -> new AgentCounters(counters.manager(), n));
            EgressPorts egress = new EgressPorts();
            for (ServedInterface exit : list()) {
                egress.add(exit.index(), exit.mac(), CrossPort.open(libc, exit.index()));
            }
            Pipeline pipeline = new Pipeline(
                    port,
                    one.served.mac(),
                    one.served.index(),
                    flows,
                    own,
                    published,
                    neighbours.requests(),
                    egress,
                    agentNames.size(),
                    flows.changes().of(name));
            agentNames.add(name);
            ForwarderAgent agent = new ForwarderAgent(name, clock, port, pipeline, own, egress, threads.settings());
            AgentRunner runner =
                    new AgentRunner(threads.idle(one.served.name(), port, agent), onAgentFailure::accept, null, agent);
            one.workers.add(new Worker(name, runner, egress, port, own));
            threads.start(runner);
        }
    }

    private void stop(Running one) {
        List<AutoCloseable> all = new ArrayList<>();
        for (Worker worker : one.workers) {
            all.add(worker.runner);
            all.add(worker.egress);
        }
        all.add(one.served);
        CloseHelper.closeAll(e -> LOG.warn("{}: closing: {}", one.served.name(), e.toString()), all);
        one.workers.clear();
    }

    private void forgetExits(int interfaceIndex) {
        running.forEach(one -> one.workers.forEach(worker -> worker.egress.remove(interfaceIndex)));
    }

    private String names() {
        return String.join(", ", list().stream().map(ServedInterface::name).toList());
    }

    @Override
    public void close() {
        running.forEach(this::stop);
        running.clear();
        CloseHelper.close(e -> LOG.warn("removing the local pair: {}", e.toString()), localPair);
        locks.close();
    }
}
