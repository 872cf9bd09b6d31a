package io.gatun.ha.announce;

import io.gatun.ha.wire.ArpWire;
import io.gatun.ha.wire.PacketArpWire;
import io.gatun.ha.wire.WireIdleStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The announcer on a thread of its own, with a wire per interface. */
public final class Announcer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final AnnouncerProxy proxy;
    private final AgentRunner runner;
    private final WireIdleStrategy idle;

    private Announcer(List<ArpInterface> interfaces, List<ArpWire> wires) {
        idle = new WireIdleStrategy(wires);
        AnnouncerQueue queue = new AnnouncerQueue(idle::wake);
        AnnouncerCounters counters = new AnnouncerCounters();
        List<ArpPort> ports = new ArrayList<>();
        for (int i = 0; i < wires.size(); i++) {
            ports.add(new ArpPort(interfaces.get(i), wires.get(i), counters));
        }
        AnnouncerAgent agent = new AnnouncerAgent(ports, SystemNanoClock.INSTANCE, queue, counters);
        proxy = new AnnouncerProxy(queue, counters);
        runner = new AgentRunner(idle, e -> LOG.error("{} goes on after", agent.roleName(), e), null, agent);
    }

    /** Announces on AF_PACKET sockets; SysException when one cannot be opened. */
    public static Announcer start(List<ArpInterface> interfaces) {
        return start(interfaces, each -> PacketArpWire.open(each.ifindex()));
    }

    /**
     * Opens a wire per interface and starts the thread.
     *
     * @param interfaces on which VIPs are answered
     * @param wires opens the wire of an interface; what it throws is passed on after the others are closed
     */
    public static Announcer start(List<ArpInterface> interfaces, Function<ArpInterface, ArpWire> wires) {
        List<ArpWire> opened = new ArrayList<>();
        try {
            for (ArpInterface each : interfaces) {
                opened.add(wires.apply(each));
            }
            Announcer announcer = new Announcer(interfaces, opened);
            AgentRunner.startOnThread(announcer.runner);
            return announcer;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(opened);
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
        idle.close();
    }
}
