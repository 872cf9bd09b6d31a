package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.AttachException;
import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a forwarder that died leaves in the kernel: the steering programs, at XDP and tcx, which drop our packets until they
 * are removed, and the local pair with the routes into it.
 */
public final class LeftBehind {
    /** Every packet socket of the network namespace; the fifth column is the interface that it is bound to. */
    private static final Path PACKET_SOCKETS = Path.of("/proc/net/packet");

    private static final int INTERFACE_COLUMN = 4;

    private LeftBehind() {}

    /**
     * Removes it. The local pair goes when it is named or nothing is, and nobody polls it.
     *
     * @param names interfaces; empty for all of this network namespace
     * @return names of those that had something of ours
     * @throws RejectedException when there is no such interface or it carries somebody else's program
     */
    public static List<String> detach(List<String> names) {
        Libc libc = Libc.system();
        List<String> detached = new ArrayList<>();
        try (NetworkState network = NetworkState.open(libc)) {
            List<LinkEvent> links = names.isEmpty() ? ours(libc, network) : InterfaceChoice.existing(names, network);
            for (LinkEvent link : links) {
                if (Steering.detach(libc, link.index(), link.name()) && !LocalPair.isOurs(link.name())) {
                    detached.add(link.name());
                }
            }
            if ((names.isEmpty() || names.stream().anyMatch(LocalPair::isOurs)) && removeLocalPair(libc, network)) {
                detached.add(LocalPair.HOST_SIDE);
            }
        } catch (AttachException e) {
            throw new RejectedException(RejectedException.Kind.CONFLICT, e.getMessage());
        }
        return detached;
    }

    /** A Gatun that runs has packet sockets on its end of the pair, with either engine. */
    private static boolean removeLocalPair(Libc libc, NetworkState network) {
        Optional<LinkEvent> polled = network.link(LocalPair.POLLED_SIDE);
        if (polled.isPresent() && hasPacketSocket(polled.get().index())) {
            return false;
        }
        return LocalPair.isLeftBehind(network) && LocalPair.removeLeftBehind(libc, network);
    }

    private static boolean hasPacketSocket(int ifindex) {
        try {
            return Files.readAllLines(PACKET_SOCKETS).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+", -1))
                    .anyMatch(columns -> columns.length > INTERFACE_COLUMN
                            && columns[INTERFACE_COLUMN].equals(Integer.toString(ifindex)));
        } catch (IOException e) {
            return true; // who does not know leaves it
        }
    }

    private static List<LinkEvent> ours(Libc libc, NetworkState network) {
        List<LinkEvent> links = new ArrayList<>();
        for (LinkEvent link : network.links()) {
            if (!link.loopback() && isOurs(libc, link)) {
                links.add(link);
            }
        }
        return links;
    }

    private static boolean isOurs(Libc libc, LinkEvent link) {
        try {
            return !Steering.find(libc, link.index(), link.name()).isEmpty();
        } catch (AttachException e) {
            return false; // somebody else's program is none of our business here
        }
    }
}
