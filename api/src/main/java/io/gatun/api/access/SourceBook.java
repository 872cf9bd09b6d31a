package io.gatun.api.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What each source has of the API at the moment. Bounded: a source without connections is forgotten in a while. */
public final class SourceBook {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SOURCES_MAX = 8192;
    private static final int IPV6_PREFIX_BYTES = 8;

    private final ApiLimits limits;
    private final Map<InetAddress, Source> sources = new HashMap<>();
    private int connections;

    private static final class Source {
        int connections;
        /** In requests; two seconds' worth at most. */
        double credit;

        long creditNs;
    }

    public SourceBook(ApiLimits limits) {
        this.limits = limits;
    }

    /** Counts a connection, or tells that it is one too many. */
    public synchronized boolean connect(InetAddress address, long nowNs) {
        Source source = source(address, nowNs);
        if (connections >= limits.connections() || source.connections >= limits.connectionsPerSource()) {
            return false;
        }
        connections++;
        source.connections++;
        return true;
    }

    /** The end of a connection that was counted. */
    public synchronized void disconnect(InetAddress address, long nowNs) {
        connections--;
        source(address, nowNs).connections--;
    }

    /** Counts a request, or tells that it is one too many. */
    public synchronized boolean request(InetAddress address, long nowNs) {
        Source source = source(address, nowNs);
        if (source.credit < 1) {
            return false;
        }
        source.credit--;
        return true;
    }

    synchronized int size() {
        return sources.size();
    }

    private Source source(InetAddress address, long nowNs) {
        InetAddress key = key(address);
        Source source = sources.get(key);
        if (source == null) {
            if (sources.size() >= SOURCES_MAX) {
                sources.values().removeIf(old -> old.connections == 0);
            }
            source = new Source();
            source.credit = burst();
            source.creditNs = nowNs;
            sources.put(key, source);
        }
        double earned = (double) (nowNs - source.creditNs) * limits.requestsPerSecond() / SECOND_NS;
        source.credit = Math.min(burst(), source.credit + Math.max(0, earned));
        source.creditNs = nowNs;
        return source;
    }

    private double burst() {
        return 2.0 * limits.requestsPerSecond();
    }

    /** Whoever has one address of a /64 has them all. */
    private static InetAddress key(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] prefix = Arrays.copyOf(Arrays.copyOf(address.getAddress(), IPV6_PREFIX_BYTES), 16);
        try {
            return InetAddress.getByAddress(prefix);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
