package io.gatun.api.bfd;

import io.gatun.ha.bfd.BfdPeerSnapshot;
import io.gatun.ha.bfd.BfdTimers;
import java.net.InetAddress;
import java.util.List;

/** The sessions of this node. Any thread. */
public interface BfdSessions {
    /** A node that watches nobody. */
    BfdSessions NONE = new BfdSessions() {
        @Override
        public List<BfdPeerSnapshot> all() {
            return List.of();
        }

        @Override
        public void timers(InetAddress peer, BfdTimers wanted) {
            throw new IllegalArgumentException("bfd peer=" + peer.getHostAddress() + " is not configured");
        }
    };

    /** As they were a moment ago. */
    List<BfdPeerSnapshot> all();

    /**
     * Other intervals from now on.
     *
     * @throws IllegalArgumentException when there is no such peer
     */
    void timers(InetAddress peer, BfdTimers wanted);
}
