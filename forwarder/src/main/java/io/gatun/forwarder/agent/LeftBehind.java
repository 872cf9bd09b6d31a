package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.AttachException;
import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forwarder that died leaves in the kernel: the steering programs, at XDP and tcx, which drop our
 * packets until they are removed.
 */
public final class LeftBehind {
    private LeftBehind() {}

    /**
     * Removes them.
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
                if (Steering.detach(libc, link.index(), link.name())) {
                    detached.add(link.name());
                }
            }
        } catch (AttachException e) {
            throw new RejectedException(RejectedException.Kind.CONFLICT, e.getMessage());
        }
        return detached;
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
