package io.gatun.api.daemon;

import io.gatun.ha.role.RoleListener;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Leaves VIPs that a served interface has as its own address to the kernel, which answers for them in any role.
 *
 * @param announcer told of all other VIPs
 * @param ownAddresses of the served interfaces, asked at each change of a role
 */
record ExceptOwnAddresses(RoleListener announcer, Supplier<Set<InetAddress>> ownAddresses) implements RoleListener {
    @Override
    public void onMaster(Set<InetAddress> vips) {
        announcer.onMaster(exceptOwn(vips));
    }

    @Override
    public void onBackup(Set<InetAddress> vips) {
        announcer.onBackup(exceptOwn(vips));
    }

    @Override
    public void onReleased(Set<InetAddress> vips) {
        announcer.onReleased(vips);
    }

    /** An address that became the node's own after it was announced is released. */
    private Set<InetAddress> exceptOwn(Set<InetAddress> vips) {
        Set<InetAddress> others = new LinkedHashSet<>(vips);
        others.removeAll(ownAddresses.get());
        if (others.size() < vips.size()) {
            Set<InetAddress> own = new LinkedHashSet<>(vips);
            own.removeAll(others);
            announcer.onReleased(own);
        }
        return others;
    }
}
