package io.gatun.ha.announce;

import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkWire;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.NeighbourProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.agrona.CloseHelper;

/** The ports of all interfaces, two of each; interfaces come and go. Owned by the agent. */
final class AnnouncerPorts implements AutoCloseable {
    private final BiFunction<AnnouncerInterface, NeighbourProtocol, LinkWire> opener;
    private final Consumer<List<LinkWire>> onWires;
    private final VipTable vips;
    private final AnnouncerCounters counters;
    private final ArpResponder arp;
    private final NdpResponder ndp;
    private final List<AnnouncerPort> ports = new ArrayList<>();

    /**
     * @param opener opens a wire of an interface
     * @param onWires told all wires that are open, whenever that changes
     */
    AnnouncerPorts(
            BiFunction<AnnouncerInterface, NeighbourProtocol, LinkWire> opener,
            Consumer<List<LinkWire>> onWires,
            VipTable vips,
            AnnouncerCounters counters) {
        this.opener = opener;
        this.onWires = onWires;
        this.vips = vips;
        this.counters = counters;
        arp = new ArpResponder(vips, Set.of());
        ndp = new NdpResponder(vips, Set.of());
    }

    /** Opens the ports of an interface, for the VIPs that are there and those to come; what the opener throws is passed on. */
    void open(AnnouncerInterface link) {
        LinkWire arpWire = opener.apply(link, NeighbourProtocol.ARP);
        LinkWire ndpWire;
        try {
            ndpWire = opener.apply(link, NeighbourProtocol.NDP);
        } catch (RuntimeException e) {
            arpWire.close();
            throw e;
        }
        int first = ports.size();
        ports.add(new ArpPort(link, arpWire, counters, vips, arp));
        ports.add(new NdpPort(link, ndpWire, counters, vips, ndp));
        for (int i = 0; i < vips.size(); i++) {
            onAdded(ports.subList(first, ports.size()), vips.at(i).address());
        }
        changed();
    }

    /** Closes the ports of the interface with this ifindex, if there is one. */
    void close(int ifindex) {
        List<AnnouncerPort> gone =
                ports.stream().filter(port -> port.link().ifindex() == ifindex).toList();
        CloseHelper.quietCloseAll(gone);
        ports.removeAll(gone);
        changed();
    }

    private void changed() {
        Set<MacAddress> macs = ports.stream().map(port -> port.link().mac()).collect(Collectors.toSet());
        arp.ownMacs(macs);
        ndp.ownMacs(macs);
        onWires.accept(ports.stream().map(AnnouncerPort::wire).toList());
    }

    boolean has(int ifindex) {
        return ports.stream().anyMatch(port -> port.link().ifindex() == ifindex);
    }

    int size() {
        return ports.size();
    }

    AnnouncerPort at(int index) {
        return ports.get(index);
    }

    /** A VIP is there from now on. */
    void onAdded(IpAddress vip) {
        onAdded(ports, vip);
    }

    private static void onAdded(List<AnnouncerPort> ports, IpAddress vip) {
        for (AnnouncerPort port : ports) {
            if (port.speaksFor(vip)) {
                port.onAdded(vip);
            }
        }
    }

    /** It is gone. */
    void onRemoved(IpAddress vip) {
        for (AnnouncerPort port : ports) {
            if (port.speaksFor(vip)) {
                port.onRemoved(vip);
            }
        }
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(ports);
    }
}
