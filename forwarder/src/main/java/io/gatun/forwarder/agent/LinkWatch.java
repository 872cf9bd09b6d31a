package io.gatun.forwarder.agent;

import io.gatun.forwarder.sys.netlink.LinkEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** Notices interfaces that can carry packets again: their switch may have forgotten what it knew of us. */
final class LinkWatch {
    private Set<Integer> up = new HashSet<>();
    private volatile IntConsumer listener = ifindex -> {};

    /** Starts with what is up now, of which nobody is told. */
    LinkWatch(List<LinkEvent> links) {
        follow(links);
    }

    /** Whom to tell from now on, on the conductor's thread: the ifindex. Any thread. */
    void listener(IntConsumer wanted) {
        listener = wanted;
    }

    /** Compares with what was up before. Conductor's thread. */
    void follow(List<LinkEvent> links) {
        Set<Integer> before = up;
        up = new HashSet<>();
        for (LinkEvent link : links) {
            if (link.up() && up.add(link.index()) && !before.contains(link.index())) {
                listener.accept(link.index());
            }
        }
    }
}
