package io.gatun.kube.ipam;

import io.gatun.kube.model.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which ports are taken on which address. */
final class Book {
    private final Map<IpAddress, Page> pages = new HashMap<>();

    private static final class Page {
        final Set<PortUse> ports = new HashSet<>();
        int users;
        /** Of these, how many have it from a pool. */
        int pooled;
    }

    /** Whether no port of these is taken. */
    boolean free(IpAddress address, Collection<PortUse> ports) {
        Page page = pages.get(address);
        return page == null || ports.stream().noneMatch(page.ports::contains);
    }

    /** Whether nobody has it. */
    boolean unused(IpAddress address) {
        return !pages.containsKey(address);
    }

    /** Whether one more may have it where addresses of pools are not shared: fixed ones are, among those that name them. */
    boolean freeAlone(IpAddress address, boolean fromPool) {
        Page page = pages.get(address);
        return page == null || (!fromPool && page.pooled == 0);
    }

    void add(IpAddress address, Collection<PortUse> ports, boolean fromPool) {
        Page page = pages.computeIfAbsent(address, ignored -> new Page());
        page.ports.addAll(ports);
        page.users++;
        page.pooled += fromPool ? 1 : 0;
    }

    void addPorts(IpAddress address, Collection<PortUse> ports) {
        pages.get(address).ports.addAll(ports);
    }

    void remove(IpAddress address, Collection<PortUse> ports, boolean fromPool) {
        Page page = pages.get(address);
        page.ports.removeAll(ports);
        page.users--;
        page.pooled -= fromPool ? 1 : 0;
        if (page.users == 0) {
            pages.remove(address);
        }
    }
}
