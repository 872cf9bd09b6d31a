package io.gatun.ha.announce;

import io.gatun.ha.wire.ArpWire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The announcer on a thread of its own, with a wire per interface. */
public final class Announcer implements AutoCloseable {
    /** How long the thread sleeps when there was nothing to do: the most that an answer waits. */
    private static final long IDLE_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final AnnouncerProxy proxy;
    private final AgentRunner runner;

    private Announcer(AnnouncerProxy proxy, AgentRunner runner) {
        this.proxy = proxy;
        this.runner = runner;
    }

    /**
     * Opens a wire per interface and starts the thread.
     *
     * @param interfaces on which VIPs are answered
     * @param wires opens the wire of an interface; what it throws is passed on after the others are closed
     */
    public static Announcer start(List<ArpInterface> interfaces, Function<ArpInterface, ArpWire> wires) {
        AnnouncerQueue queue = new AnnouncerQueue();
        AnnouncerCounters counters = new AnnouncerCounters();
        List<ArpPort> ports = open(interfaces, wires, counters);
        AnnouncerAgent agent = new AnnouncerAgent(ports, SystemNanoClock.INSTANCE, queue, counters);
        AgentRunner runner = new AgentRunner(
                new SleepingIdleStrategy(IDLE_NS),
                e -> LOG.error("{} goes on after", agent.roleName(), e),
                null,
                agent);
        AgentRunner.startOnThread(runner);
        return new Announcer(new AnnouncerProxy(queue, counters), runner);
    }

    private static List<ArpPort> open(
            List<ArpInterface> interfaces, Function<ArpInterface, ArpWire> wires, AnnouncerCounters counters) {
        List<ArpPort> ports = new ArrayList<>();
        try {
            for (ArpInterface link : interfaces) {
                ports.add(new ArpPort(link, wires.apply(link), counters));
            }
            return ports;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(ports);
            throw e;
        }
    }

    /** Commands and counters, for any thread. */
    public AnnouncerProxy proxy() {
        return proxy;
    }

    /** Stops answering and announcing, closes the wires, and returns when that is done. */
    @Override
    public void close() {
        runner.close();
    }
}
