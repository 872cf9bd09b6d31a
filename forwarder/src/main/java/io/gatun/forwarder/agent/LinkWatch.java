package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.LinkListener;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Notices links that are gone, and those that can carry packets again: their switch may have forgotten what it knew of us. */
final class LinkWatch {
    private Set<Integer> there = new HashSet<>();
    private Set<Integer> up = new HashSet<>();
    private volatile LinkListener listener = new Nobody();

    /** Starts with what is there now, of which nobody is told. */
    LinkWatch(List<LinkEvent> links) {
        follow(links);
    }

    /** Whom to tell from now on, on the conductor's thread. Any thread. */
    void listener(LinkListener wanted) {
        listener = wanted;
    }

    /** Compares with what was there before, and tells first what is gone. Conductor's thread. */
    void follow(List<LinkEvent> links) {
        Set<Integer> thereBefore = there;
        Set<Integer> upBefore = up;
        there = new HashSet<>();
        up = new HashSet<>();
        for (LinkEvent link : links) {
            there.add(link.index());
            if (link.up()) {
                up.add(link.index());
            }
        }
        thereBefore.stream().filter(index -> !there.contains(index)).forEach(listener::onGone);
        up.stream().filter(index -> !upBefore.contains(index)).forEach(listener::onUp);
    }

    private record Nobody() implements LinkListener {
        @Override
        public void onUp(int ifindex) {}

        @Override
        public void onGone(int ifindex) {}
    }
}
