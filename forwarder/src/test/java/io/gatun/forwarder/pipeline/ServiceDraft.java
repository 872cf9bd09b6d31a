package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.packet.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A service of a test: one-arm with the VIP as source, for new flows too, unless said otherwise. */
public final class ServiceDraft {
    private record Endpoint(int address, int port, boolean usable) {}

    private final int protocol;
    private final int vip;
    private final int port;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final AtomicLong cursor = new AtomicLong();
    private int id;
    private int snatAddress;
    private PortSpace ports = new PortSpace(1024, 65_535);
    private boolean admits = true;

    private ServiceDraft(int protocol, String vip, int port) {
        this.protocol = protocol;
        this.vip = Packets.ip(vip);
        this.port = port;
        this.id = protocol << 16 | port;
        this.snatAddress = this.vip;
    }

    public static ServiceDraft tcp(String vip, int port) {
        return new ServiceDraft(6, vip, port);
    }

    public static ServiceDraft udp(String vip, int port) {
        return new ServiceDraft(17, vip, port);
    }

    public ServiceDraft endpoint(String address, int endpointPort) {
        endpoints.add(new Endpoint(Packets.ip(address), endpointPort, true));
        return this;
    }

    public ServiceDraft unusable(String address, int endpointPort) {
        endpoints.add(new Endpoint(Packets.ip(address), endpointPort, false));
        return this;
    }

    /** Keeps the client's address. */
    public ServiceDraft plainDnat() {
        snatAddress = 0;
        return this;
    }

    public ServiceDraft snat(String address, int firstPort, int lastPort) {
        snatAddress = Packets.ip(address);
        ports = new PortSpace(firstPort, lastPort);
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
        int[] addresses = endpoints.stream().mapToInt(Endpoint::address).toArray();
        int[] endpointPorts = endpoints.stream().mapToInt(Endpoint::port).toArray();
        int[] ids = new int[addresses.length];
        boolean[] usable = new boolean[addresses.length];
        Arrays.setAll(ids, i -> i);
        for (int i = 0; i < usable.length; i++) {
            usable[i] = endpoints.get(i).usable();
        }
        return new Service(
                id,
                vip,
                port,
                protocol,
                admits,
                snatAddress,
                ports,
                new Endpoints(addresses, endpointPorts, ids),
                new RoundRobin(usable, cursor),
                FlowTable.ticks(TimeUnit.MINUTES.toNanos(4)));
    }
}
