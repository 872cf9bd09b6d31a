package io.gatun.forwarder.bpf;

import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steering program of one hook and its maps: which packets are Gatun's and, at XDP, which socket takes them. Owned by
 * the control thread; every change takes effect between two packets. IPv4 and IPv6 addresses are put in alike.
 *
 * <p>Put addresses, services, endpoints and queues in before {@link #attach}: a program of an earlier run goes away at
 * that moment, and with it all that its maps knew.
 */
public final class Steering implements AutoCloseable {
    /** A VIP that is no address of the node: every packet to it is ours. */
    public static final int OWN_ALL = AddressEntry.OWN_ALL;
    /** A VIP that the node has too: only its services are ours. */
    public static final int SERVICES = AddressEntry.SERVICES;
    /** A source of our NAT: replies to its port range are ours, of ICMP echo by the identifier. */
    public static final int SNAT = AddressEntry.SNAT;
    /** An address of the node with nothing of ours: passes at once, whoever sends. */
    public static final int LOCAL = AddressEntry.LOCAL;
    /** With SNAT: echo replies stay with the host, whose own pings use identifiers of any value. */
    public static final int HOST_ECHO = AddressEntry.HOST_ECHO;

    private static final Logger LOG = LoggerFactory.getLogger(Steering.class);

    private static final int MAX_PORT = 0xffff;

    /** Room for services, and for endpoints, of each address family. */
    public static final int TUPLES_MAX = SteeringMaps.MAX_TUPLES;

    private static final String FILTER = "gatun_filter";

    private final Libc libc;
    private final SteeringHook hook;
    private final SteeringMaps maps;
    private final BpfProgram program;
    private final BpfProgram filter;
    private final ProgramRecord record;
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[SteeringFamily.IPV6.tupleBytes()]);
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[AddressEntry.BYTES]);

    private Steering(
            Libc libc,
            SteeringHook hook,
            SteeringMaps maps,
            BpfProgram program,
            BpfProgram filter,
            ProgramRecord record) {
        this.libc = libc;
        this.hook = hook;
        this.maps = maps;
        this.program = program;
        this.filter = filter;
        this.record = record;
    }

    /**
     * How the program came to be attached.
     *
     * @param mode "native", "generic" or "tcx"
     * @param replacedId id of the program of an earlier run that it replaced, or 0
     * @param reason why an XDP program does not run natively, in the kernel's words; otherwise empty
     */
    public record Attached(SteeringHook hook, String mode, int replacedId, String reason) {}

    /** A steering program found on an interface; {@code mode} as of {@link Attached}. */
    public record Found(SteeringHook hook, int programId, String name, String tag, String mode) {}

    /** As {@link #load(Libc, SteeringHook, int, int, ProgramRecord)}, without a record. */
    public static Steering load(Libc libc, SteeringHook hook, int maxAddresses, int maxQueues) {
        return load(libc, hook, maxAddresses, maxQueues, ProgramRecord.none());
    }

    /**
     * Loads the program of a hook with empty maps, at tcx with the tap's filter; it steers nothing yet.
     *
     * @param maxAddresses room for VIPs, SNAT sources and addresses of the node together, of each family
     * @param maxQueues receive queues of the interface; of no matter to tcx
     * @param record where the program is noted as ours
     * @throws io.gatun.forwarder.sys.SysException when a map cannot be made
     * @throws VerifierException when the kernel refuses the program
     */
    public static Steering load(Libc libc, SteeringHook hook, int maxAddresses, int maxQueues, ProgramRecord record) {
        return load(
                libc, hook, SteeringMaps.create(libc, hook, maxAddresses, maxQueues), record, Steering::loadFitting);
    }

    /** The program that copies, whoever asks. */
    static Steering loadCopying(Libc libc, SteeringHook hook, int maxAddresses, int maxQueues) {
        SteeringMaps maps = SteeringMaps.create(libc, hook, maxAddresses, maxQueues);
        return load(libc, hook, maps, ProgramRecord.none(), Steering::loadCopying);
    }

    /** Loads the program of a hook that goes with somebody's rights. */
    @FunctionalInterface
    private interface Loader {
        BpfProgram load(Libc libc, SteeringHook hook, SteeringMaps maps);
    }

    private static Steering load(Libc libc, SteeringHook hook, SteeringMaps maps, ProgramRecord record, Loader loader) {
        try {
            BpfProgram program = loader.load(libc, hook, maps);
            record.add(program);
            BpfProgram filter = hook == SteeringHook.TCX ? loadFilter(libc, maps) : null;
            return new Steering(libc, hook, maps, program, filter, record);
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    private static BpfProgram loadFilter(Libc libc, SteeringMaps maps) {
        return new ProgramSpec(FILTER, ProgramType.SOCKET_FILTER, SteeringProgram.assembleFilter())
                .load(libc, maps.byName());
    }

    /** Who lacks CAP_PERFMON gets the program that copies. */
    private static BpfProgram loadFitting(Libc libc, SteeringHook hook, SteeringMaps maps) {
        try {
            return spec(hook, SteeringProgram.assemble(hook)).load(libc, maps.byName());
        } catch (VerifierException e) {
            if (e.errno() != Errno.EACCES) {
                throw e;
            }
            LOG.info("without CAP_PERFMON {} copies the headers that it looks at", hook.programName);
            return loadCopying(libc, hook, maps);
        }
    }

    private static BpfProgram loadCopying(Libc libc, SteeringHook hook, SteeringMaps maps) {
        return spec(hook, SteeringProgram.assembleCopying(hook)).load(libc, maps.byName());
    }

    private static ProgramSpec spec(SteeringHook hook, Code code) {
        return new ProgramSpec(hook.programName, hook.type, code);
    }

    /**
     * Says what is ours of the packets to an address, or says it anew.
     *
     * @param flags OWN_ALL, SERVICES, SNAT, LOCAL, HOST_ECHO, combined; OWN_ALL covers all others
     * @param portMin with SNAT the first port or identifier that is ours, at least 1; otherwise 0
     * @param portMax the last one
     * @throws io.gatun.forwarder.sys.SysException E2BIG when there is no room
     */
    public void putAddress(InetAddress address, int flags, int portMin, int portMax) {
        if (flags == 0 || (flags & ~AddressEntry.ALL_FLAGS) != 0) {
            throw new IllegalArgumentException("flags=" + flags + " of " + address.getHostAddress()
                    + ", combine OWN_ALL, SERVICES, SNAT, LOCAL and HOST_ECHO");
        }
        if ((flags & SNAT) != 0 && (portMin < 1 || portMin > portMax || portMax > MAX_PORT)) {
            throw new IllegalArgumentException("ports=" + portMin + "-" + portMax + " of " + address.getHostAddress()
                    + ", give a range within 1-" + MAX_PORT);
        }
        AddressEntry.encode(value, flags, portMin, portMax);
        maps.addresses(family(address)).update(address(address), value);
    }

    /** Forgets an address, or returns false when it was not there. */
    public boolean removeAddress(InetAddress address) {
        return maps.addresses(family(address)).delete(address(address));
    }

    /**
     * A service of an address that has SERVICES.
     *
     * @param port the port, 0 for ICMP
     * @param protocol IP protocol number; of ICMP 1 for IPv4, 58 for IPv6
     */
    public void putService(InetAddress address, int port, int protocol) {
        maps.services(family(address)).update(tuple(address, port, protocol), mark());
    }

    /** Forgets a service, or returns false when it was not there. */
    public boolean removeService(InetAddress address, int port, int protocol) {
        return maps.services(family(address)).delete(tuple(address, port, protocol));
    }

    /**
     * An endpoint whose replies come back through us with the client as destination (plain DNAT).
     *
     * @param port the endpoint's port, 0 for ICMP
     * @param protocol IP protocol number
     */
    public void putEndpoint(InetAddress address, int port, int protocol) {
        maps.endpoints(family(address)).update(tuple(address, port, protocol), mark());
    }

    /** Forgets an endpoint, or returns false when it was not there. */
    public boolean removeEndpoint(InetAddress address, int port, int protocol) {
        return maps.endpoints(family(address)).delete(tuple(address, port, protocol));
    }

    /**
     * Gives our packets of a receive queue to an AF_XDP socket that is bound to it; the kernel undoes this when the
     * socket closes, and drops our packets of a queue without a socket. At XDP only.
     */
    public void bindQueue(int queue, int xskFd) {
        if (hook != SteeringHook.XDP) {
            throw new IllegalStateException("queue " + queue + " cannot be bound, " + hook + " steers to no socket");
        }
        key.putInt(0, queue);
        value.putInt(0, xskFd);
        maps.xsks().update(key, value);
    }

    /**
     * Attaches to an interface, in place of the program of an earlier run at the same hook; see {@link
     * XdpAttachment#attach} and {@link TcxAttachment#attach}.
     *
     * @throws AttachException when a foreign XDP program is there, the kernel refuses or has no tcx
     */
    public Attached attach(int ifindex, String ifname) {
        if (hook == SteeringHook.TCX) {
            TcxAttachment.Attached attached = tcx(libc, ifindex, ifname, record).attach(program);
            return new Attached(hook, "tcx", attached.replacedId(), "");
        }
        XdpAttachment.Attached attached = xdp(libc, ifindex, ifname, record).attach(program);
        return new Attached(hook, attached.mode().text(), attached.replacedId(), attached.reason());
    }

    /**
     * Removes the steering programs from both hooks of an interface, of this run or an earlier one; needs no loaded
     * program.
     *
     * @return false when none is attached
     * @throws AttachException when nothing of ours is there but a foreign XDP program is
     */
    public static boolean detach(Libc libc, int ifindex, String ifname) {
        ProgramRecord record = ProgramRecord.none();
        boolean removed = tcx(libc, ifindex, ifname, record).detach();
        XdpAttachment xdp = xdp(libc, ifindex, ifname, record);
        if (!removed || xdp.current().isPresent()) { // a foreign XDP program does not disturb ours at tcx
            removed |= xdp.detach();
        }
        return removed;
    }

    /** Removes the steering program from one hook alone, such as after a change to the other; false when none is there. */
    public boolean detach(SteeringHook from, int ifindex, String ifname) {
        return from == SteeringHook.TCX
                ? tcx(libc, ifindex, ifname, record).detach()
                : xdp(libc, ifindex, ifname, record).detach();
    }

    /** As {@link #find(Libc, int, String, ProgramRecord)}, without a record. */
    public static List<Found> find(Libc libc, int ifindex, String ifname) {
        return find(libc, ifindex, ifname, ProgramRecord.none());
    }

    /**
     * The steering programs that an interface carries at either hook, of this run or an earlier one.
     *
     * @param record by which those without CAP_SYS_ADMIN know them
     */
    public static List<Found> find(Libc libc, int ifindex, String ifname, ProgramRecord record) {
        List<Found> found = new ArrayList<>();
        xdp(libc, ifindex, ifname, record)
                .current()
                .ifPresent(xdp -> found.add(new Found(
                        SteeringHook.XDP,
                        xdp.programId(),
                        xdp.name(),
                        xdp.tag(),
                        xdp.mode().text())));
        tcx(libc, ifindex, ifname, record)
                .current()
                .ifPresent(
                        tcx -> found.add(new Found(SteeringHook.TCX, tcx.programId(), tcx.name(), tcx.tag(), "tcx")));
        return found;
    }

    /** Descriptor of the filter for packet sockets that goes with tcx: it keeps what tcx drops. Owned by this object. */
    public int filterFd() {
        if (filter == null) {
            throw new IllegalStateException("at " + hook + " there is no tap to filter");
        }
        return filter.fd();
    }

    public SteeringHook hook() {
        return hook;
    }

    /** The program, owned by this object. */
    public BpfProgram program() {
        return program;
    }

    /** Closes the descriptors; what is attached stays attached and goes on with the maps as they are. */
    @Override
    public void close() {
        program.close();
        if (filter != null) {
            filter.close();
        }
        maps.close();
    }

    private static XdpAttachment xdp(Libc libc, int ifindex, String ifname, ProgramRecord record) {
        return new XdpAttachment(libc, ifindex, ifname, SteeringHook.XDP.programName, record);
    }

    private static TcxAttachment tcx(Libc libc, int ifindex, String ifname, ProgramRecord record) {
        return new TcxAttachment(libc, ifindex, ifname, SteeringHook.TCX.programName, record);
    }

    private static SteeringFamily family(InetAddress address) {
        return address instanceof Inet4Address ? SteeringFamily.IPV4 : SteeringFamily.IPV6;
    }

    private UnsafeBuffer address(InetAddress address) {
        key.putBytes(0, address.getAddress());
        return key;
    }

    private UnsafeBuffer tuple(InetAddress address, int port, int protocol) {
        if (port < 0 || port > MAX_PORT || protocol < 1 || protocol > 0xff) {
            throw new IllegalArgumentException("port=" + port + " protocol=" + protocol + " of "
                    + address.getHostAddress() + ", give a port within 0-" + MAX_PORT + " and a protocol within 1-255");
        }
        address(address);
        int at = family(address).addressBytes;
        key.putShort(at, (short) port, ByteOrder.BIG_ENDIAN);
        key.putByte(at + 2, (byte) protocol);
        key.putByte(at + 3, (byte) 0);
        return key;
    }

    private UnsafeBuffer mark() {
        value.putInt(0, 1);
        return value;
    }
}
