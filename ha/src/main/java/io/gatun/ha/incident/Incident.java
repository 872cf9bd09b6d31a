package io.gatun.ha.incident;

import io.gatun.ha.vrrp.Detection;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A takeover by this node. Times are nanoseconds after {@link #at}, and empty while it has not come to that.
 *
 * @param number 1 for the first since the start
 * @param at when VRRP decided
 * @param detection by what the owner was found gone
 * @param silenceNs since the last sign of the owner, before {@link #at}
 * @param heldBack how often an answer to a probe held the takeover back
 * @param announcedNs first announcement on the wire
 * @param firstPacketNs first packet forwarded
 * @param inherited connections in the table at the takeover
 * @param lost packets of connections that were not in it; a RST ends those of TCP, so about one each
 * @param alarm whether no packet came within the time set for that
 * @param complete whether nothing more is written
 */
public record Incident(
        long number,
        Instant at,
        boolean ipv6,
        Detection detection,
        long silenceNs,
        int heldBack,
        OptionalLong announcedNs,
        OptionalLong firstPacketNs,
        long inherited,
        long lost,
        boolean alarm,
        boolean complete) {
    /** How long nobody had the VIPs; empty while they are not announced, and when nobody had them before. */
    public OptionalLong outageNs() {
        if (announcedNs.isEmpty() || detection == Detection.NOBODY) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((detection.silenceIsOutage() ? silenceNs : 0) + announcedNs.getAsLong());
    }
}
