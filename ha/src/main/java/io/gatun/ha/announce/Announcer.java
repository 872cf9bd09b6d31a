package io.gatun.ha.announce;

import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.NeighbourProtocol;
import io.gatun.ha.wire.PacketWire;
import io.gatun.ha.wire.WireIdleStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The announcer on a thread of its own, with a wire per interface and protocol. */
public final class Announcer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final AnnouncerProxy proxy;
    private final AgentRunner runner;
    private final WireIdleStrategy idle;

    private Announcer(List<AnnouncerInterface> interfaces, Wires wires) {
        idle = new WireIdleStrategy(wires.all());
        AnnouncerQueue queue = new AnnouncerQueue(idle::wake);
        AnnouncerCounters counters = new AnnouncerCounters();
        VipTable vips = new VipTable();
        AnnouncerAgent agent = new AnnouncerAgent(
                ports(interfaces, wires, vips, counters), vips, SystemNanoClock.INSTANCE, queue, counters);
        proxy = new AnnouncerProxy(queue, counters);
        runner = new AgentRunner(idle, e -> LOG.error("{} goes on after", agent.roleName(), e), null, agent);
    }

    private static List<AnnouncerPort> ports(
            List<AnnouncerInterface> interfaces, Wires wires, VipTable vips, AnnouncerCounters counters) {
        Set<MacAddress> ownMacs =
                interfaces.stream().map(AnnouncerInterface::mac).collect(Collectors.toSet());
        ArpResponder arp = new ArpResponder(vips, ownMacs);
        NdpResponder ndp = new NdpResponder(vips, ownMacs);
        List<AnnouncerPort> ports = new ArrayList<>();
        for (int i = 0; i < interfaces.size(); i++) {
            ports.add(new ArpPort(interfaces.get(i), wires.arp().get(i), counters, vips, arp));
            ports.add(new NdpPort(interfaces.get(i), wires.ndp().get(i), counters, vips, ndp));
        }
        return ports;
    }

    /** Announces on AF_PACKET sockets; SysException when one cannot be opened. */
    public static Announcer start(List<AnnouncerInterface> interfaces) {
        return start(interfaces, (each, protocol) -> PacketWire.open(each.ifindex(), protocol));
    }

    /**
     * Opens a wire per interface and protocol and starts the thread.
     *
     * @param interfaces on which VIPs are answered
     * @param opener opens a wire of an interface; what it throws is passed on after the others are closed
     */
    public static Announcer start(
            List<AnnouncerInterface> interfaces, BiFunction<AnnouncerInterface, NeighbourProtocol, LinkWire> opener) {
        Wires wires = new Wires(new ArrayList<>(), new ArrayList<>());
        try {
            for (AnnouncerInterface each : interfaces) {
                wires.arp().add(opener.apply(each, NeighbourProtocol.ARP));
                wires.ndp().add(opener.apply(each, NeighbourProtocol.NDP));
            }
            Announcer announcer = new Announcer(interfaces, wires);
            AgentRunner.startOnThread(announcer.runner);
            return announcer;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(wires.all());
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

    /** In the order of the interfaces. */
    private record Wires(List<LinkWire> arp, List<LinkWire> ndp) {
        List<LinkWire> all() {
            List<LinkWire> all = new ArrayList<>(arp);
            all.addAll(ndp);
            return all;
        }
    }
}
