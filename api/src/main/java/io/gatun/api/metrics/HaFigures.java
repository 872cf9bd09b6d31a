package io.gatun.api.metrics;

import io.gatun.ha.bfd.BfdPeerSnapshot;
import io.gatun.ha.vrrp.VrrpCounters;
import io.gatun.ha.vrrp.VrrpState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the threads that own VIPs have counted; any thread. */
public interface HaFigures {
    /** Of a node without announcer, VRRP and BFD. */
    HaFigures NONE = new HaFigures() {};

    /** Counters of the announcer by their labels. */
    default Map<String, Long> announcer() {
        return Map.of();
    }

    /** Empty when nodes do not elect an owner. */
    default Optional<Vrrp> vrrp(boolean ipv6) {
        return Optional.empty();
    }

    /** Sessions of BFD. */
    default List<BfdPeerSnapshot> bfdPeers() {
        return List.of();
    }

    /** Counters of BFD by their labels. */
    default Map<String, Long> bfd() {
        return Map.of();
    }

    /** The virtual router of a family. */
    record Vrrp(VrrpState state, VrrpCounters counters) {}
}
