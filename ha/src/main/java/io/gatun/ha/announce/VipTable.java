package io.gatun.ha.announce;

import io.gatun.ha.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The VIPs of both families that the announcer knows, by address and in the order in which they came. Looking one up
 * allocates nothing. Owned by the agent.
 */
public final class VipTable {
    /** 2^64 divided by the golden ratio, made odd: spreads what differs in any bit of the high half. */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private final Long2ObjectHashMap<Vip> chains = new Long2ObjectHashMap<>();
    private final List<Vip> ordered = new ArrayList<>();
    private AnnouncementTimes times = AnnouncementTimes.DEFAULT;

    /** The VIP, or null. */
    Vip findIpv4(int ip) {
        return find(0, IpAddress.lowOfIpv4(ip));
    }

    /** The VIP, or null; the halves are those of {@link IpAddress}. */
    Vip find(long high, long low) {
        Vip vip = chains.get(hash(high, low));
        while (vip != null && (vip.address().high() != high || vip.address().low() != low)) {
            vip = vip.nextInTable;
        }
        return vip;
    }

    Vip find(IpAddress address) {
        return find(address.high(), address.low());
    }

    Vip add(IpAddress address) {
        Vip vip = new Vip(address, times);
        vip.nextInTable = chains.put(hash(address.high(), address.low()), vip);
        ordered.add(vip);
        return vip;
    }

    /** Forgets a VIP that is in the table. */
    void remove(Vip vip) {
        long hash = hash(vip.address().high(), vip.address().low());
        Vip first = chains.get(hash);
        if (first != vip) {
            Vip before = first;
            while (before.nextInTable != vip) {
                before = before.nextInTable;
            }
            before.nextInTable = vip.nextInTable;
        } else if (vip.nextInTable != null) {
            chains.put(hash, vip.nextInTable);
        } else {
            chains.remove(hash);
        }
        ordered.remove(vip);
    }

    /** When VIPs are announced from now on, those that come later too. */
    void announcements(AnnouncementTimes wanted, long nowNs) {
        times = wanted;
        ordered.forEach(vip -> vip.announcements(wanted, nowNs));
    }

    private static long hash(long high, long low) {
        return high * SPREAD ^ low;
    }

    Vip at(int index) {
        return ordered.get(index);
    }

    int size() {
        return ordered.size();
    }
}
