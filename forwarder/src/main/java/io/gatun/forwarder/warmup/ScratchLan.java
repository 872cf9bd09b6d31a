package io.gatun.forwarder.warmup;

import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.ForwardingTables;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.Source;
import io.gatun.forwarder.pipeline.SourceFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The network of the warm-up, of addresses that are for documentation (RFC 5737, RFC 3849): a client, one-arm services of
 * TCP and UDP on a VIP of each family, and an endpoint.
 */
final class ScratchLan {
    static final int INTERFACE = 1;
    static final long GATUN_MAC = 0x0200_0000_0001L;
    static final long CLIENT_MAC = 0x0200_0000_0002L;
    static final long ENDPOINT_MAC = 0x0200_0000_0003L;

    static final int CLIENT = 0xC000_020A;
    static final int ENDPOINT = 0xC000_020B;
    static final int VIP = 0xC000_02C8;

    /** 2001:db8::/64, of the client, the endpoint and the VIP. */
    static final long HIGH6 = 0x2001_0DB8_0000_0000L;

    static final long CLIENT6 = 0x0A;
    static final long ENDPOINT6 = 0x0B;
    static final long VIP6 = 0xC8;

    static final int SERVICE_PORT = 80;
    static final int ENDPOINT_PORT = 8080;

    private static final int FAMILY6 = 0x100;
    private static final int PREFIX = 24;
    private static final int PREFIX6 = 64;
    private static final int NAT_PORT_FIRST = 1_024;
    private static final int NAT_PORT_LAST = 65_535;

    private ScratchLan() {}

    static ForwardingTables tables() {
        List<Service> services = new ArrayList<>();
        for (int protocol : new int[] {Ipv4Flyweight.PROTOCOL_TCP, Ipv4Flyweight.PROTOCOL_UDP}) {
            services.add(service(protocol, protocol, 0, NextHopTable.mapped(VIP), NextHopTable.mapped(ENDPOINT)));
            services.add(service(FAMILY6 + protocol, protocol, HIGH6, VIP6, ENDPOINT6));
        }
        NextHopTable nextHops = new NextHopTable.Builder()
                .onLink(CLIENT, PREFIX, INTERFACE, 0)
                .neighbour(INTERFACE, CLIENT, CLIENT_MAC)
                .neighbour(INTERFACE, ENDPOINT, ENDPOINT_MAC)
                .onLink6(HIGH6, 0, PREFIX6, INTERFACE, 0)
                .neighbour6(INTERFACE, HIGH6, CLIENT6, CLIENT_MAC)
                .neighbour6(INTERFACE, HIGH6, ENDPOINT6, ENDPOINT_MAC)
                .build();
        return new ForwardingTables(ServiceTable.of(services), nextHops);
    }

    private static Service service(int id, int protocol, long high, long vip, long endpoint) {
        Source source = new Source(high, vip, new PortSpace(NAT_PORT_FIRST, NAT_PORT_LAST));
        Endpoints.Endpoint only =
                new Endpoints.Endpoint(high, endpoint, ENDPOINT_PORT, 0, Endpoints.Way.OWN_SOURCE, source);
        return new Service(
                id,
                high,
                vip,
                SERVICE_PORT,
                SERVICE_PORT,
                protocol,
                true,
                new Endpoints(List.of(only)),
                false,
                new RoundRobin(new boolean[] {true}, new AtomicLong()),
                SourceFilter.EVERYBODY);
    }
}
