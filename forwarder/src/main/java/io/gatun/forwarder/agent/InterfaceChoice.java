package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.util.ArrayList;
import java.util.List;

/** Which interfaces the names of the options mean, and whether they can be served. */
final class InterfaceChoice {
    private static final String FIELD = "--interface";

    private InterfaceChoice() {}

    /** The interfaces of these names, be they fit to be served or not. */
    static List<LinkEvent> existing(List<String> names, NetworkState network) {
        List<LinkEvent> links = new ArrayList<>();
        for (String name : names) {
            links.add(network.link(name)
                    .orElseThrow(() -> RejectedException.invalid(
                            FIELD, name, "there is no such interface here, there are " + linkNames(network))));
        }
        return links;
    }

    /** The interfaces of these names, all of them fit to be served. */
    static List<LinkEvent> resolve(List<String> names, NetworkState network) {
        for (LinkEvent link : existing(names, network)) {
            String name = link.name();
            if (link.loopback() || link.mac() < 0) {
                throw RejectedException.invalid(
                        FIELD, name, "is no Ethernet interface, choose one of " + linkNames(network));
            }
            if (!link.enabled()) {
                throw RejectedException.invalid(FIELD, name, "is down, run: ip link set " + name + " up");
            }
        }
        return existing(names, network);
    }

    private static String linkNames(NetworkState network) {
        List<String> names = new ArrayList<>();
        for (LinkEvent link : network.links()) {
            if (!link.loopback()) {
                names.add(link.name());
            }
        }
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
