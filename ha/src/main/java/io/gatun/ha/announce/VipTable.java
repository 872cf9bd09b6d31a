package io.gatun.ha.announce;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/** The VIPs that the announcer knows, by address and in the order in which they came. Owned by the agent. */
public final class VipTable {
    private final Int2ObjectHashMap<Vip> byAddress = new Int2ObjectHashMap<>();
    private final List<Vip> ordered = new ArrayList<>();

    /** The VIP, or null. */
    Vip find(int address) {
        return byAddress.get(address);
    }

    Vip findOrAdd(int address) {
        Vip vip = byAddress.get(address);
        if (vip == null) {
            vip = new Vip(address);
            byAddress.put(address, vip);
            ordered.add(vip);
        }
        return vip;
    }

    void remove(int address) {
        Vip vip = byAddress.remove(address);
        if (vip != null) {
            ordered.remove(vip);
        }
    }

    Vip at(int index) {
        return ordered.get(index);
    }

    int size() {
        return ordered.size();
    }
}
