package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.balance.Maglev;
import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.packet.Packets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service of a test, of either family: one-arm with the VIP as source, for new flows too and for everybody, unless said
 * otherwise.
 */
public final class ServiceDraft {
    private record Endpoint(String address, int port, boolean usable) {}

    private static final Map<String, Policy> HASHED = new ConcurrentHashMap<>();

    private final int protocol;
    private final String vip;
    private final int port;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<SourceFilter.Network> allowed = new ArrayList<>();
    private final AtomicLong cursor = new AtomicLong();
    private int portMax;
    private int id;
    private Endpoints.Way way = Endpoints.Way.OWN_SOURCE;
    private String source;
    private PortSpace ports = new PortSpace(1024, 65_535);
    private boolean admits = true;
    private boolean hash;
    private boolean sticky;

    private ServiceDraft(int protocol, String vip, int port) {
        this.protocol = protocol;
        this.vip = vip;
        this.port = port;
        this.portMax = port;
        this.id = protocol << 16 | port;
        this.source = vip;
    }

    public static ServiceDraft tcp(String vip, int port) {
        return new ServiceDraft(6, vip, port);
    }

    public static ServiceDraft udp(String vip, int port) {
        return new ServiceDraft(17, vip, port);
    }

    public static ServiceDraft sctp(String vip, int port) {
        return new ServiceDraft(132, vip, port);
    }

    /** Echo of the VIP's family. */
    public static ServiceDraft icmp(String vip) {
        return new ServiceDraft(vip.contains(":") ? 58 : 1, vip, 0);
    }

    /** A service of any of the above, by its protocol number; 1 stands for both kinds of echo. */
    public static ServiceDraft of(int protocol, String vip, int port) {
        return protocol == 1 ? icmp(vip) : new ServiceDraft(protocol, vip, port);
    }

    /** Ports up to this one too. */
    public ServiceDraft range(int last) {
        portMax = last;
        return this;
    }

    public ServiceDraft endpoint(String address, int endpointPort) {
        endpoints.add(new Endpoint(address, endpointPort, true));
        return this;
    }

    public ServiceDraft unusable(String address, int endpointPort) {
        endpoints.add(new Endpoint(address, endpointPort, false));
        return this;
    }

    /** Keeps the client's address. */
    public ServiceDraft plainDnat() {
        way = Endpoints.Way.KEEP_SOURCE;
        return this;
    }

    /** A client stays with its endpoint. */
    public ServiceDraft sticky() {
        hash = true;
        sticky = true;
        return this;
    }

    /** Direct server return on the link. */
    public ServiceDraft direct() {
        way = Endpoints.Way.DIRECT;
        hash = true;
        return this;
    }

    /** Direct server return in a tunnel from this address. */
    public ServiceDraft tunnel(String outerSource) {
        way = Endpoints.Way.TUNNEL;
        source = outerSource;
        hash = true;
        return this;
    }

    public ServiceDraft snat(String address, int firstPort, int lastPort) {
        source = address;
        ports = new PortSpace(firstPort, lastPort);
        return this;
    }

    /** Only this network, such as {@code 192.168.80.0/28}, and others that are given so. */
    public ServiceDraft allow(String network) {
        String[] parts = network.split("/", -1);
        long[] address = address(parts[0]);
        int length = Integer.parseInt(parts[1]) + (parts[0].contains(":") ? 0 : 96);
        allowed.add(new SourceFilter.Network(address[0], address[1], length));
        return this;
    }

    /** Another node opens the flows. */
    public ServiceDraft standby() {
        admits = false;
        return this;
    }

    public ServiceDraft id(int number) {
        id = number;
        return this;
    }

    public Service build() {
        List<Endpoints.Endpoint> built = new ArrayList<>();
        boolean[] usable = new boolean[endpoints.size()];
        long[] identities = new long[endpoints.size()];
        boolean sourced = way == Endpoints.Way.OWN_SOURCE || way == Endpoints.Way.TUNNEL;
        long[] own = address(source);
        for (int i = 0; i < usable.length; i++) {
            Endpoint endpoint = endpoints.get(i);
            long[] address = address(endpoint.address());
            built.add(new Endpoints.Endpoint(
                    address[0],
                    address[1],
                    endpoint.port(),
                    i,
                    way,
                    sourced ? new Source(own[0], own[1], ports) : null));
            usable[i] = endpoint.usable();
            identities[i] = address[1] << 16 | endpoint.port();
        }
        Policy policy = hash ? hashed(identities, usable) : new RoundRobin(usable, cursor);
        long[] address = address(vip);
        return new Service(
                id,
                address[0],
                address[1],
                port,
                portMax,
                protocol,
                admits,
                new Endpoints(built),
                sticky,
                policy,
                new SourceFilter(allowed));
    }

    /** Immutable and slow to make, so that services of the same endpoints share one. */
    private static Policy hashed(long[] identities, boolean[] usable) {
        return HASHED.computeIfAbsent(
                Arrays.toString(identities) + Arrays.toString(usable), _ -> new Maglev(identities, usable));
    }

    /** An address as two longs, of IPv4 the mapped one. */
    static long[] address(String text) {
        if (!text.contains(":")) {
            return new long[] {0, AddressSet.mapped(Packets.ip(text))};
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(InetAddress.getByName(text).getAddress());
            return new long[] {bytes.getLong(0), bytes.getLong(Long.BYTES)};
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is no address", e);
        }
    }
}
