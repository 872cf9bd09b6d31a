package io.gatun.ha.announce;

import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.NeighbourProtocol;
import io.gatun.ha.wire.PacketWire;
import io.gatun.ha.wire.WireIdleStrategy;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The announcer on a thread of its own, with a wire per interface and protocol. */
public final class Announcer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final AnnouncerProxy proxy;
    private final AgentRunner runner;
    private final WireIdleStrategy idle = new WireIdleStrategy();
    private final AnnouncerPorts ports;

    private Announcer(BiFunction<AnnouncerInterface, NeighbourProtocol, LinkWire> opener, long freezeNs) {
        AnnouncerQueue queue = new AnnouncerQueue(idle::wake);
        AnnouncerCounters counters = new AnnouncerCounters();
        VipTable vips = new VipTable();
        ports = new AnnouncerPorts(opener, idle::waitFor, vips, counters);
        AnnouncerAgent agent = new AnnouncerAgent(ports, vips, SystemNanoClock.INSTANCE, queue, counters, freezeNs);
        proxy = new AnnouncerProxy(queue, counters);
        if (freezeNs > 0) {
            idle.sleepAtMost((int) Math.min(TimeUnit.NANOSECONDS.toMillis(freezeNs / 2), Integer.MAX_VALUE));
        }
        runner = new AgentRunner(idle, e -> LOG.error("{} goes on after", agent.roleName(), e), null, agent);
    }

    /** Announces on AF_PACKET sockets; SysException when one cannot be opened. */
    public static Announcer start(List<AnnouncerInterface> interfaces) {
        return start(interfaces, 0, Thread::new);
    }

    /**
     * The same of a node that shares the VIPs with others.
     *
     * @param freezeNs after an absence longer than this nothing is answered for as long; 0 for never
     * @param threads makes its thread
     */
    public static Announcer start(List<AnnouncerInterface> interfaces, long freezeNs, ThreadFactory threads) {
        return start(interfaces, (each, protocol) -> PacketWire.open(each.ifindex(), protocol), freezeNs, threads);
    }

    /**
     * Opens a wire per interface and protocol and starts the thread.
     *
     * @param interfaces on which VIPs are answered, until {@link AnnouncerProxy#linkGone} and besides those of
     *     {@link AnnouncerProxy#linkUp}
     * @param opener opens a wire of an interface; what it throws is passed on after the others are closed
     */
    public static Announcer start(
            List<AnnouncerInterface> interfaces,
            BiFunction<AnnouncerInterface, NeighbourProtocol, LinkWire> opener,
            long freezeNs,
            ThreadFactory threads) {
        Announcer announcer = new Announcer(opener, freezeNs);
        try {
            interfaces.forEach(announcer.ports::open);
        } catch (RuntimeException e) {
            announcer.ports.close();
            announcer.idle.close();
            throw e;
        }
        AgentRunner.startOnThread(announcer.runner, threads);
        return announcer;
    }

    /** Commands and counters, for any thread. */
    public AnnouncerProxy proxy() {
        return proxy;
    }

    /** Stops answering and announcing, closes the wires, and returns when that is done. */
    @Override
    public void close() {
        runner.close();
        idle.close();
    }
}
