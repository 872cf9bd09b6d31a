package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.AttachException;
import io.gatun.forwarder.bpf.ProgramRecord;
import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.bpf.SteeringHook;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.raw.RawPort;
import io.gatun.forwarder.raw.RawSpec;
import io.gatun.forwarder.raw.SocketFilter;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import io.gatun.forwarder.xsk.XskPort;
import io.gatun.forwarder.xsk.XskSpec;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One interface that Gatun serves by one engine: its sockets, one per receive queue, and the program that steers packets
 * to them.
 */
final class ServedInterface implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedInterface.class);

    /** VIPs, source addresses and the node's own addresses together, of each family. */
    private static final int ADDRESSES_MAX = 16_384;

    private final Libc libc;
    private final LinkEvent link;
    private final EngineChoice choice;
    private final Steering steering;
    private final List<FramePort> ports = new ArrayList<>();
    private boolean busyPoll;
    private boolean napiAsked;
    private BusyPolling busyPolling = BusyPolling.none();
    private SteeringPlan inForce = SteeringPlan.empty();
    private volatile Steering.Attached attached;
    private volatile boolean linkUp = true;
    private boolean carrier = true;

    private ServedInterface(Libc libc, LinkEvent link, EngineChoice choice, int busyPollBudget, ProgramRecord record) {
        this.libc = libc;
        this.link = link;
        this.choice = choice;
        boolean xdp = choice.engine() == IoEngine.XDP;
        int queues = RxQueues.count(link.name());
        SteeringHook hook = xdp ? SteeringHook.XDP : SteeringHook.TCX;
        this.steering = Steering.load(libc, hook, ADDRESSES_MAX, queues, record);
        try {
            if (xdp) {
                openXdp(queues);
                if (busyPollBudget > 0) {
                    busyPoll(busyPollBudget);
                }
            } else {
                SocketFilter ours = SocketFilter.program(steering.filterFd());
                ports.addAll(RawPort.openGroup(libc, RawSpec.of(link.name(), link.index(), ours), queues, queues));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void openXdp(int queues) {
        for (int queue = 0; queue < queues; queue++) {
            XskSpec spec = XskSpec.forMtu(link.name(), link.index(), queue, link.mtu());
            XskPort port = XskPort.open(libc, spec);
            ports.add(port);
            steering.bindQueue(queue, port.descriptor());
        }
    }

    /**
     * Opens a socket for every queue. A steering program that an earlier run left goes on dropping what is ours until
     * {@link #attach}.
     *
     * @param busyPollBudget of {@link #busyPoll}
     * @param record by which those without CAP_SYS_ADMIN know their programs
     * @throws RejectedException when another process has the queues or somebody else's program is attached
     */
    static ServedInterface open(
            Libc libc, LinkEvent link, EngineChoice choice, int busyPollBudget, ProgramRecord record) {
        try {
            List<Steering.Found> found = Steering.find(libc, link.index(), link.name(), record);
            LOG.info(
                    "{}: engine {}, {}; {}",
                    link.name(),
                    choice.engine().text(),
                    choice.reason(),
                    found.isEmpty() ? "no program of an earlier run" : "there are " + found);
            return new ServedInterface(libc, link, choice, busyPollBudget, record);
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

    /** Removes what an earlier run left at the hook that this engine does not use. Its own is attached by now. */
    void detachOtherHook() {
        SteeringHook other = steering.hook() == SteeringHook.XDP ? SteeringHook.TCX : SteeringHook.XDP;
        if (steering.detach(other, link.index(), link.name())) {
            LOG.info("{}: the {} program of another engine is removed", link.name(), other);
        }
    }

    boolean isAttached() {
        return attached != null;
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

    int mtu() {
        return link.mtu();
    }

    IoEngine engine() {
        return choice.engine();
    }

    /** One per receive queue, in their order. The forwarder agents own and close them. */
    List<FramePort> ports() {
        return ports;
    }

    /** What the steering program has been told. */
    SteeringPlan inForce() {
        return inForce;
    }

    /** Brings the steering program's maps up to date. */
    void steer(SteeringPlan plan) {
        if (!plan.equals(inForce)) {
            plan.apply(inForce, steering);
            inForce = plan;
        }
    }

    /**
     * Whether agents drive NAPI themselves from now on; nothing where there is no AF_XDP.
     *
     * @param budget packets of one poll, 0 to leave it to interrupts
     */
    void busyPoll(int budget) {
        for (FramePort port : ports) {
            if (port instanceof XskPort xsk) {
                xsk.busyPoll(budget);
            }
        }
        busyPoll = budget > 0;
    }

    /** Leaves NAPI to the agent as soon as one of its sockets has met it. Conductor's thread, now and then. */
    void followNapi() {
        if (busyPoll && !napiAsked && ports.stream().anyMatch(ServedInterface::hasNapi)) {
            napiAsked = true;
            busyPolling = BusyPolling.enable(link.name());
        } else if (!busyPoll && napiAsked) {
            napiAsked = false;
            busyPolling.restore();
        }
    }

    private static boolean hasNapi(FramePort port) {
        return port instanceof XskPort xsk && xsk.napiId() > 0;
    }

    /** The kernel says that the link is up and can carry packets, or not. Conductor's thread. */
    void link(boolean up, boolean carrierNow) {
        carrier = carrierNow;
        if (up != linkUp) {
            LOG.info("{}: the link is {}", link.name(), up ? "up again" : "down");
            linkUp = up;
        }
    }

    /** Whether the link can carry packets. Conductor's thread. */
    boolean carrier() {
        return carrier;
    }

    PortSnapshot snapshot() {
        return new PortSnapshot(
                link.name(),
                link.index(),
                MacText.of(link.mac()),
                link.mtu(),
                choice.engine().text(),
                choice.reason(),
                mode(),
                ports.size());
    }

    private String mode() {
        if (attached == null) {
            return "detached";
        }
        if (!linkUp) {
            return "down";
        }
        return ports.get(0) instanceof XskPort xsk && xsk.isZeroCopy() ? "zero-copy" : attached.mode();
    }

    /**
     * Detaches the program and gives the interface back as it was found, all of it whatever fails. No agent may be running
     * any more.
     */
    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(ports);
        all.add(this::detach);
        all.add(steering);
        all.add(busyPolling::restore);
        CloseHelper.closeAll(e -> LOG.warn("{}: closing: {}", link.name(), e.toString()), all);
    }

    /** Takes the program from the interface; what is ours then reaches the host, unless another engine has taken over. */
    void detach() {
        if (attached == null) {
            return;
        }
        attached = null;
        try {
            steering.detach(steering.hook(), link.index(), link.name());
        } catch (SysException e) {
            if (e.errno() != Errno.ENODEV) { // a link that is gone has taken its program along
                throw e;
            }
        }
    }
}
