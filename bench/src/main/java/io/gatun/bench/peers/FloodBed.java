package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.FrameKind;
import io.gatun.bench.traffic.Generator;
import io.gatun.bench.traffic.TrafficSpec;
import io.gatun.forwarder.sys.Libc;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.LinkSpec;
import io.gatun.lab.Repeater;

/**
 * A client and a server on a switch, and a load balancer whose port of the switch is also the flood's: its frames come
 * into the same queue as honest ones, and cost the switch nothing. What is sent to the forged sources leaves by a port
 * behind which there is nobody.
 *
 * <pre>
 *   client .10 ---+-----------+--- server .11
 *                 |  switch   |
 *       lb .2 ----+  ^        +--- nobody .66, 10.77.0.0/16
 *                    generator
 * </pre>
 */
public final class FloodBed implements AutoCloseable {
    public static final String VIP = Testbed.VIP.getHostAddress();
    public static final String SERVER = Testbed.ENDPOINT.getHostAddress();
    public static final int SERVICE_PORT = Testbed.SERVICE_PORT;

    /** Forged ones. */
    public static final int SOURCES = 10_000;

    private static final String BRIDGE = "br0";
    private static final String NOBODY = "nobody";
    private static final String NOBODY_MAC = "02:00:00:00:00:66";
    private static final String GATEWAY = "192.168.80.66";
    private static final String FORGED = "10.77.0.0/16";

    private final Lab lab;
    private final Cpu cpu;
    private final Host client;
    private final Host lb;
    private final Host server;
    private final Host bridge;
    private Repeater repeater;
    private Generator generator;

    private FloodBed(Lab lab, Cpu cpu) {
        this.lab = lab;
        this.cpu = cpu;
        lb = lab.bare("lb");
        client = lab.bare("client");
        server = lab.bare("server");
        bridge = lab.bare("switch");
    }

    /**
     * Makes the hosts and the server, which answers at the port at which a rule expects it.
     *
     * @param cpu of the generator, which yields it to all else, and of the switch
     */
    public static FloodBed open(Cpu cpu) {
        Lab lab = Lab.open("flood");
        try {
            FloodBed bed = new FloodBed(lab, cpu);
            bed.build();
            return bed;
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        } catch (Exception e) {
            lab.close();
            throw new IllegalStateException("the hosts cannot be made: " + e.getMessage(), e);
        }
    }

    private void build() throws Exception {
        bridge.exec("ip", "link", "add", "name", BRIDGE, "type", "bridge", "stp_state", "0", "mcast_snooping", "0");
        bridge.exec("ip", "link", "set", "dev", BRIDGE, "up");
        plug(lb, "192.168.80.2/24", Testbed.DEVICE);
        plug(client, Testbed.CLIENT.getHostAddress() + "/24", "client");
        plug(server, SERVER + "/24", "server");
        plug(lab.bare(NOBODY), GATEWAY + "/24", NOBODY);
        bridge.exec("bridge", "fdb", "add", NOBODY_MAC, "dev", NOBODY, "master", "static");
        lb.exec("ip", "neigh", "replace", GATEWAY, "lladdr", NOBODY_MAC, "nud", "noarp", "dev", Testbed.DEVICE);
        lb.exec("ip", "route", "add", FORGED, "via", GATEWAY);
        for (int i = 0; i < NewConnections.ADDRESSES; i++) {
            client.exec("ip", "addr", "add", NewConnections.address(i) + "/24", "dev", Testbed.DEVICE);
        }
        // What the server can take is not the question.
        server.exec("sh", "-c", "echo 2 > /proc/sys/net/ipv4/tcp_syncookies");
        repeater = Repeater.start(server, 1, Testbed.ENDPOINT_PORT, Testbed.ENDPOINT_PORT);
        bridge.exec("ethtool", "-K", Testbed.DEVICE, "gro", "on"); // so that it sends the generator's XDP frames
        Testbed.receiveElsewhere(lb, bridge, cpu);
        TrafficSpec flood = new TrafficSpec(
                SOURCES,
                0,
                Testbed.address("10.77.0.1"),
                1_024,
                Testbed.VIP,
                SERVICE_PORT,
                NOBODY_MAC,
                lb.mac(),
                FrameKind.SYN);
        generator =
                new Generator(Libc.system(), flood, bridge.link(Testbed.DEVICE).index(), bridge.threads(), cpu, true);
    }

    private void plug(Host host, String address, String port) {
        lab.wire(host, LinkSpec.of(address), bridge, LinkSpec.of().named(port));
        bridge.exec("ip", "link", "set", "dev", port, "master", BRIDGE);
    }

    /** Lets the load balancer receive on this CPU alone. */
    public void receiveOn(Cpu forwarding) {
        NapiThread.start(lb, forwarding);
    }

    /** Whose connections are honest. */
    public Host client() {
        return client;
    }

    public Host lb() {
        return lb;
    }

    /** Of the flood, not sending yet. */
    public Generator generator() {
        return generator;
    }

    @Override
    public void close() {
        if (generator != null) {
            generator.close();
        }
        if (repeater != null) {
            repeater.close();
        }
        lab.close();
    }
}
