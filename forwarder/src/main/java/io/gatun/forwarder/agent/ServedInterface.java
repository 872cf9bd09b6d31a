package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.AttachException;
import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.bpf.SteeringHook;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.netlink.AddressEvent;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.sys.netlink.NetworkState;
import io.gatun.forwarder.xsk.XskPort;
import io.gatun.forwarder.xsk.XskSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One interface that Gatun serves: its sockets, one per receive queue, and the program that steers packets to them. */
final class ServedInterface implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedInterface.class);

    /** VIPs, source addresses and the node's own addresses together. */
    private static final int ADDRESSES_MAX = 16_384;

    private final Libc libc;
    private final LinkEvent link;
    private final Steering steering;
    private final List<XskPort> ports = new ArrayList<>();
    private final BusyPolling busyPolling;
    private SteeringPlan inForce = SteeringPlan.empty();
    private volatile Steering.Attached attached;

    private ServedInterface(Libc libc, LinkEvent link, boolean busyPoll) {
        this.libc = libc;
        this.link = link;
        int queues = RxQueues.count(link.name());
        this.busyPolling = busyPoll ? BusyPolling.enable(link.name()) : BusyPolling.none();
        this.steering = Steering.load(libc, SteeringHook.XDP, ADDRESSES_MAX, queues);
        try {
            for (int queue = 0; queue < queues; queue++) {
                XskSpec spec = XskSpec.forMtu(link.name(), link.index(), queue, link.mtu(), busyPoll);
                XskPort port = XskPort.open(libc, spec);
                ports.add(port);
                steering.bindQueue(queue, port.descriptor());
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Binds to every queue. A steering program that an earlier run left goes on dropping what is ours until
     * {@link #attach}.
     *
     * @throws RejectedException when another process has the queues or somebody else's program is attached
     */
    static ServedInterface open(Libc libc, LinkEvent link, boolean busyPoll) {
        try {
            List<Steering.Found> found = Steering.find(libc, link.index(), link.name());
            LOG.info("{}: {}", link.name(), found.isEmpty() ? "no program of an earlier run" : "replacing " + found);
            return new ServedInterface(libc, link, busyPoll);
        } catch (AttachException e) {
            throw new RejectedException(RejectedException.Kind.CONFLICT, e.getMessage());
        } catch (SysException e) {
            if (e.errno() == Errno.EBUSY) {
                throw new RejectedException(
                        RejectedException.Kind.CONFLICT,
                        "--interface=" + link.name() + ", another process serves its queues: stop that one first"
                                + " (another gatun run?), or choose another interface");
            }
            throw e;
        }
    }

    /** Attaches the steering program, which knows all services by now. */
    void attach() {
        try {
            attached = steering.attach(link.index(), link.name());
        } catch (AttachException e) {
            throw new RejectedException(RejectedException.Kind.CONFLICT, e.getMessage());
        }
        LOG.info("{}: steering attached, {}", link.name(), attached);
    }

    String name() {
        return link.name();
    }

    int index() {
        return link.index();
    }

    long mac() {
        return link.mac();
    }

    /** One per receive queue, in their order. The forwarder agents own and close them. */
    List<XskPort> ports() {
        return ports;
    }

    NodeAddresses addresses(NetworkState network) {
        return new NodeAddresses(network.allAddresses(), link.index());
    }

    /** Brings the steering program's maps up to date. */
    void steer(ServiceBook services, NetworkState network) {
        SteeringPlan plan = SteeringPlan.of(rules(services), nodeAddresses(network));
        plan.apply(inForce, steering);
        inForce = plan;
    }

    private static List<SteeringPlan.Rule> rules(ServiceBook services) {
        List<SteeringPlan.Rule> rules = new ArrayList<>();
        for (ServiceBook.Entry entry : services.entries()) {
            rules.add(new SteeringPlan.Rule(entry.spec(), List.of(source(entry.snat()))));
        }
        return rules;
    }

    private static SteeringPlan.Source source(SnatChoice snat) {
        return new SteeringPlan.Source(
                Ipv4.toAddress(snat.address()),
                snat.ports().first(),
                snat.ports().last());
    }

    private static List<InetAddress> nodeAddresses(NetworkState network) {
        return network.allAddresses().stream().map(AddressEvent::address).toList();
    }

    PortSnapshot snapshot() {
        return new PortSnapshot(
                link.name(), link.index(), macText(), link.mtu(), "xdp", "asked for", mode(), ports.size());
    }

    private String mode() {
        if (attached == null) {
            return "detached";
        }
        return ports.get(0).isZeroCopy() ? "zero-copy" : attached.mode();
    }

    private String macText() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (link.mac() >>> (40 - 8 * i));
        }
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }

    /** Detaches the program and gives the interface back as it was found. No agent may be running any more. */
    @Override
    public void close() {
        ports.forEach(XskPort::close);
        if (attached != null) {
            Steering.detach(libc, link.index(), link.name());
        }
        steering.close();
        busyPolling.restore();
    }
}
