package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Generator;
import io.gatun.bench.traffic.Sink;
import io.gatun.bench.traffic.SinkSpec;
import io.gatun.bench.traffic.TrafficSpec;
import io.gatun.forwarder.sys.Libc;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.Link;
import io.gatun.lab.LinkSpec;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A forwarder host and the wire that it is one-armed on. Client and endpoint are both the far end of the wire: generator
 * and sink. Neighbours are static, so that nobody has to answer.
 *
 * <pre>
 *   lb  eth0 192.168.80.2/24 ====veth==== eth0 wire: generator (client .10), sink (endpoint .11)
 * </pre>
 */
public final class Testbed implements AutoCloseable {
    public static final Inet4Address CLIENT = address("192.168.80.10");
    public static final Inet4Address ENDPOINT = address("192.168.80.11");
    public static final Inet4Address VIP = address("192.168.80.200");
    public static final int SERVICE_PORT = 80;
    public static final int ENDPOINT_PORT = 8080;
    public static final int FLOWS = 1_000;
    public static final String DEVICE = "eth0";

    private static final int CLIENT_PORT = 20_000;
    private static final String LB_ADDRESS = "192.168.80.2/24";

    private final Libc libc = Libc.system();
    private final Lab lab;
    private final Host lb;
    private final Host wire;
    private final Cpu forwardingCpu;
    private final Sink sink;
    private final Generator generator;

    /** The bed of the forward case: frames go to the VIP and come back from it, to the endpoint. */
    public static Testbed ofNat(Cpu generatorCpu, Cpu forwardingCpu) {
        return new Testbed(generatorCpu, forwardingCpu, VIP, SERVICE_PORT, VIP);
    }

    /** A bed for plain routing: frames are addressed to the endpoint and come back with the client's address. */
    public static Testbed ofRouting(Cpu generatorCpu, Cpu forwardingCpu) {
        return new Testbed(generatorCpu, forwardingCpu, ENDPOINT, ENDPOINT_PORT, CLIENT);
    }

    private Testbed(Cpu generatorCpu, Cpu forwardingCpu, Inet4Address to, int toPort, Inet4Address comesFrom) {
        this.forwardingCpu = forwardingCpu;
        lab = Lab.open("bench");
        try {
            lb = lab.bare("lb");
            wire = lab.bare("wire");
            lab.wire(lb, LinkSpec.of(LB_ADDRESS), wire, LinkSpec.of());
            Link near = lb.link(DEVICE);
            Link far = wire.link(DEVICE);
            neighbour(CLIENT, far.mac());
            neighbour(ENDPOINT, far.mac());
            sink = new Sink(libc, new SinkSpec(FLOWS, comesFrom, ENDPOINT, ENDPOINT_PORT));
            int ifindex = far.index();
            wire.exec("ethtool", "-K", DEVICE, "gro", "on"); // so that it sends the generator's XDP frames
            attachSink(ifindex);
            TrafficSpec traffic = new TrafficSpec(FLOWS, CLIENT, CLIENT_PORT, to, toPort, far.mac(), near.mac());
            generator = new Generator(libc, traffic, ifindex, wire.threads(), generatorCpu);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Where the contender lives. */
    public Host lb() {
        return lb;
    }

    /** The CPU that the contender forwards on. */
    public Cpu forwardingCpu() {
        return forwardingCpu;
    }

    public Generator generator() {
        return generator;
    }

    public Sink sink() {
        return sink;
    }

    /** Sets a value below {@code /proc/sys/net/ipv4} of the forwarder host. */
    void ipv4(String key, String value) {
        lb.exec("sh", "-c", "echo " + value + " > /proc/sys/net/ipv4/" + key);
    }

    /** Not "permanent": a request with NTF_USE, which forwarders make, takes that state away (neigh_add of the kernel). */
    private void neighbour(Inet4Address address, String mac) {
        lb.exec("ip", "neigh", "replace", address.getHostAddress(), "lladdr", mac, "nud", "noarp", "dev", DEVICE);
    }

    private void attachSink(int ifindex) {
        try {
            wire.run(() -> sink.attach(libc, ifindex));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the sink cannot be attached", e);
        }
    }

    @Override
    public void close() {
        try {
            generator.close();
        } finally {
            sink.close();
            lab.close();
        }
    }

    private static Inet4Address address(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal is not looked up", e);
        }
    }
}
