package io.gatun.forwarder.pipeline;

import java.util.List;

/** The endpoints of a service as numbers, in the order of its spec; immutable. */
public final class Endpoints {
    private final long[] highs;
    private final long[] lows;
    private final int[] ports;
    private final int[] ids;
    private final Way[] ways;
    private final Source[] sources;
    private final List<AddressSet.Address> ownAddresses;

    /** How packets get to an endpoint. */
    public enum Way {
        /** The source stays: replies come back because the endpoint routes through us. */
        KEEP_SOURCE,
        /** The source is ours. */
        OWN_SOURCE,
        /** Nothing but the MAC changes; the endpoint has the VIP and answers the client itself. */
        DIRECT,
        /** As DIRECT, in an outer IP header, because the endpoint is not on the link. */
        TUNNEL
    }

    /**
     * One endpoint.
     *
     * @param high upper half of its address, 0 for IPv4
     * @param low lower half; of IPv4 the mapped address
     * @param port 1-65535, or 0 to keep the port that the client asked for
     * @param id what flows carry: stable while the endpoint stays, 0-255
     * @param way how packets get there
     * @param source of OWN_SOURCE our address, of TUNNEL the outer one, otherwise null
     */
    public record Endpoint(long high, long low, int port, int id, Way way, Source source) {
        /** An IPv4 endpoint. */
        public static Endpoint ofIpv4(int address, int port, int id, Way way, Source source) {
            return new Endpoint(AddressSet.MAPPED_HIGH, AddressSet.mapped(address), port, id, way, source);
        }
    }

    public Endpoints(List<Endpoint> endpoints) {
        highs = endpoints.stream().mapToLong(Endpoint::high).toArray();
        lows = endpoints.stream().mapToLong(Endpoint::low).toArray();
        ports = endpoints.stream().mapToInt(Endpoint::port).toArray();
        ids = endpoints.stream().mapToInt(Endpoint::id).toArray();
        ways = endpoints.stream().map(Endpoint::way).toArray(Way[]::new);
        sources = endpoints.stream().map(Endpoint::source).toArray(Source[]::new);
        ownAddresses = endpoints.stream()
                .filter(endpoint -> endpoint.way() == Way.OWN_SOURCE)
                .map(endpoint -> new AddressSet.Address(
                        endpoint.source().high(), endpoint.source().low()))
                .distinct()
                .toList();
    }

    /** How many there are. */
    public int size() {
        return ids.length;
    }

    boolean isIpv4(int index) {
        return AddressSet.isMapped(highs[index], lows[index]);
    }

    int address(int index) {
        return (int) lows[index];
    }

    /** Upper half of an endpoint's address, 0 for IPv4. */
    public long high(int index) {
        return highs[index];
    }

    /** Lower half of an endpoint's address; of IPv4 the mapped address. */
    public long low(int index) {
        return lows[index];
    }

    /** The port of a flow that asked for {@code wanted}. */
    public int port(int index, int wanted) {
        return ports[index] == 0 ? wanted : ports[index];
    }

    /** What flows to an endpoint carry. */
    public int id(int index) {
        return ids[index];
    }

    /** The endpoint with this id, or -1. */
    public int indexOf(int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The endpoint with this address that takes packets to this port, or -1.
     *
     * @param high upper half of its address, 0 for IPv4
     * @param low lower half; of IPv4 the mapped address
     */
    public int indexOf(long high, long low, int port) {
        for (int i = 0; i < ids.length; i++) {
            if (lows[i] == low && highs[i] == high && (ports[i] == port || ports[i] == 0)) {
                return i;
            }
        }
        return -1;
    }

    /** How packets get to an endpoint. */
    public Way way(int index) {
        return ways[index];
    }

    /** Our source towards an endpoint, or null where the client's stays. */
    public Source source(int index) {
        return sources[index];
    }

    /** Our sources towards them, each once. */
    List<AddressSet.Address> ownAddresses() {
        return ownAddresses;
    }

    /** Whether endpoints answer clients themselves. */
    boolean isDirect() {
        return ways.length > 0 && (ways[0] == Way.DIRECT || ways[0] == Way.TUNNEL);
    }
}
