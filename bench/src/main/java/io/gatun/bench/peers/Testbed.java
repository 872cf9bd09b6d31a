package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import io.gatun.bench.traffic.Flows;
import io.gatun.bench.traffic.FrameKind;
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
import java.util.ArrayList;
import java.util.List;

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
    public static final int FLOWS = Flows.USUAL.count();
    public static final String DEVICE = "eth0";

    /** Not on the link, where the addresses would not do. */
    private static final Inet4Address MANY_CLIENTS = address("10.80.0.1");

    private static final String MANY_CLIENTS_NET = "10.80.0.0/16";
    private static final int CLIENT_PORT = 20_000;

    /** What NICs ship with is of this order. */
    private static final int COALESCE_NS = 50_000;

    private static final String LB_ADDRESS = "192.168.80.2/24";

    private final Libc libc = Libc.system();
    private final Lab lab;
    private final Host lb;
    private final Host wire;
    private final List<Cpu> forwardingCpus;
    private final Flows flows;
    private final Sink sink;
    private final List<Generator> generators = new ArrayList<>();

    /** The bed of the forward case: frames go to the VIP and come back from it, to the endpoint. */
    public static Testbed ofNat(Cpu generatorCpu, Cpu forwardingCpu) {
        return ofNat(generatorCpu, forwardingCpu, FrameKind.SMALLEST);
    }

    /** As {@link #ofNat(Cpu, Cpu)}, with frames of this kind. */
    public static Testbed ofNat(Cpu generatorCpu, Cpu forwardingCpu, FrameKind frames) {
        return ofNat(generatorCpu, forwardingCpu, frames, Flows.USUAL);
    }

    /** As {@link #ofNat(Cpu, Cpu)}, with frames of this kind in so many flows. */
    public static Testbed ofNat(Cpu generatorCpu, Cpu forwardingCpu, FrameKind frames, Flows flows) {
        return new Testbed(List.of(generatorCpu), false, List.of(forwardingCpu), translated(flows), frames);
    }

    private static Path translated(Flows flows) {
        return new Path(flows.count() > TrafficSpec.PORTS ? MANY_CLIENTS : CLIENT, flows, VIP, SERVICE_PORT, VIP);
    }

    /** A bed with many flows, from many addresses; the sink knows only those of the first address. */
    public static Testbed ofMany(Cpu generatorCpu, Cpu forwardingCpu, int flows) {
        return new Testbed(
                List.of(generatorCpu),
                false,
                List.of(forwardingCpu),
                new Path(MANY_CLIENTS, Flows.of(flows), VIP, SERVICE_PORT, MANY_CLIENTS),
                FrameKind.SMALLEST);
    }

    /** A bed for what this contender does. */
    public static Testbed of(Contender contender, Cpu generatorCpu, Cpu forwardingCpu, FrameKind frames) {
        return of(contender, generatorCpu, forwardingCpu, frames, Flows.USUAL);
    }

    /** A bed for what this contender does, with so many flows; only what translates can have other than the usual ones. */
    public static Testbed of(Contender contender, Cpu generatorCpu, Cpu forwardingCpu, FrameKind frames, Flows flows) {
        return contender.translates()
                ? ofNat(generatorCpu, forwardingCpu, frames, flows)
                : ofRouting(generatorCpu, forwardingCpu, frames);
    }

    /**
     * The bed of the queues case: a receive queue, and a generator that yields, for each of these CPUs, the flows shared
     * out between them. veth takes a frame into the queue whose number is that of the sender's CPU modulo the queues.
     */
    public static Testbed ofQueues(List<Cpu> cpus) {
        return ofQueues(cpus, FrameKind.SMALLEST, Flows.USUAL);
    }

    /** As {@link #ofQueues(List)}, with frames of this kind in so many flows. */
    public static Testbed ofQueues(List<Cpu> cpus, FrameKind frames, Flows flows) {
        return new Testbed(cpus, true, cpus, translated(flows), frames);
    }

    /** A bed for plain routing: frames are addressed to the endpoint and come back with the client's address. */
    public static Testbed ofRouting(Cpu generatorCpu, Cpu forwardingCpu) {
        return ofRouting(generatorCpu, forwardingCpu, FrameKind.SMALLEST);
    }

    /** As {@link #ofRouting(Cpu, Cpu)}, with frames of this kind. */
    public static Testbed ofRouting(Cpu generatorCpu, Cpu forwardingCpu, FrameKind frames) {
        return new Testbed(
                List.of(generatorCpu),
                false,
                List.of(forwardingCpu),
                new Path(CLIENT, Flows.USUAL, ENDPOINT, ENDPOINT_PORT, CLIENT),
                frames);
    }

    /**
     * Where frames go.
     *
     * @param from their first source
     * @param flows how many there are
     * @param to their destination
     * @param toPort and its port
     * @param comesFrom their source when they come back to the endpoint
     */
    private record Path(Inet4Address from, Flows flows, Inet4Address to, int toPort, Inet4Address comesFrom) {}

    private Testbed(List<Cpu> generatorCpus, boolean yielding, List<Cpu> forwardingCpus, Path path, FrameKind frames) {
        this.forwardingCpus = List.copyOf(forwardingCpus);
        flows = path.flows();
        lab = Lab.open("bench");
        try {
            lb = lab.bare("lb");
            wire = lab.bare("wire");
            int queues = forwardingCpus.size();
            lab.wire(
                    lb,
                    LinkSpec.of(LB_ADDRESS).withQueues(queues),
                    wire,
                    LinkSpec.of().withQueues(queues));
            Link near = lb.link(DEVICE);
            Link far = wire.link(DEVICE);
            neighbour(CLIENT, far.mac());
            neighbour(ENDPOINT, far.mac());
            lb.exec("ip", "route", "add", MANY_CLIENTS_NET, "via", CLIENT.getHostAddress());
            sink = new Sink(
                    libc,
                    new SinkSpec(
                            flows.count(),
                            path.comesFrom(),
                            ENDPOINT,
                            ENDPOINT_PORT,
                            flows.endpoints(),
                            frames.timed()));
            int ifindex = far.index();
            wire.exec("ethtool", "-K", DEVICE, "gro", "on"); // so that it sends the generator's XDP frames
            attachSink(ifindex);
            if (!yielding) {
                receiveElsewhere(lb, wire, generatorCpus.getFirst());
            }
            int each = flows.count() / generatorCpus.size();
            for (int i = 0; i < generatorCpus.size(); i++) {
                TrafficSpec traffic = new TrafficSpec(
                        i + 1 < generatorCpus.size() ? each : flows.count() - i * each,
                        i * each,
                        path.from(),
                        CLIENT_PORT,
                        path.to(),
                        path.toPort(),
                        far.mac(),
                        near.mac(),
                        frames);
                generators.add(new Generator(libc, traffic, ifindex, wire.threads(), generatorCpus.get(i), yielding));
            }
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Where the contender lives. */
    public Host lb() {
        return lb;
    }

    /** How many flows there are, and endpoints for them. */
    public Flows flows() {
        return flows;
    }

    /** The CPU that the contender forwards on. */
    public Cpu forwardingCpu() {
        return forwardingCpus.getFirst();
    }

    /** The CPUs that the contender forwards on, one for each queue. */
    public List<Cpu> forwardingCpus() {
        return forwardingCpus;
    }

    /** The only, or first, generator. */
    public Generator generator() {
        return generators.getFirst();
    }

    public List<Generator> generators() {
        return generators;
    }

    public Sink sink() {
        return sink;
    }

    /** Not "permanent": a request with NTF_USE, which forwarders make, takes that state away (neigh_add of the kernel). */
    private void neighbour(Inet4Address address, String mac) {
        lb.exec("ip", "neigh", "replace", address.getHostAddress(), "lladdr", mac, "nud", "noarp", "dev", DEVICE);
    }

    /**
     * Lets the far end receive as another machine would: on a CPU that is not the sender's, with coalesced interrupts.
     * veth hands frames to the receiver's NAPI only while the sender has no segmentation offload; else they go through
     * the backlog of the sender's CPU.
     */
    static void receiveElsewhere(Host lb, Host wire, Cpu cpu) {
        lb.exec("ethtool", "-K", DEVICE, "tso", "off", "tx-sctp-segmentation", "off");
        NapiThread.start(wire, cpu).precede(wire);
        String sysfs = "/sys/class/net/" + DEVICE;
        wire.exec(
                "sh",
                "-c",
                "echo " + COALESCE_NS + " > " + sysfs + "/gro_flush_timeout; echo 1 > " + sysfs
                        + "/napi_defer_hard_irqs");
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
            generators.forEach(Generator::close);
        } finally {
            sink.close();
            lab.close();
        }
    }

    static Inet4Address address(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal is not looked up", e);
        }
    }
}
