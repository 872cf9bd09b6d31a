package io.gatun.bench.peers;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;

/**
 * Three hosts on one bridge, offloads as the kernel sets them. The VIP is a static neighbour of client and server, so
 * that nobody has to answer for it; all else asks by ARP as usual.
 *
 * <pre>
 *   client .10 ----+------------+---- server .11
 *                  |   bridge   |
 *             lb .2, VIP 192.168.80.200
 * </pre>
 */
public final class TcpBed implements AutoCloseable {
    public static final String VIP = "192.168.80.200";
    public static final String SERVER = "192.168.80.11";
    public static final int PORT = 5201;
    static final String DEVICE = "eth0";

    private final Lab lab;
    private final Host client;
    private final Host lb;
    private final Host server;

    private TcpBed(Lab lab) {
        this.lab = lab;
        client = lab.host("client", "192.168.80.10/24");
        lb = lab.host("lb", "192.168.80.2/24");
        server = lab.host("server", SERVER + "/24");
        for (Host host : new Host[] {client, server}) {
            host.exec("ip", "neigh", "replace", VIP, "lladdr", lb.mac(), "nud", "permanent", "dev", DEVICE);
        }
    }

    /** Makes the hosts; nothing runs on them yet. */
    public static TcpBed open() {
        Lab lab = Lab.open("bulk");
        try {
            return new TcpBed(lab);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    public Host client() {
        return client;
    }

    /** Where the contender lives. */
    public Host lb() {
        return lb;
    }

    public Host server() {
        return server;
    }

    @Override
    public void close() {
        lab.close();
    }
}
