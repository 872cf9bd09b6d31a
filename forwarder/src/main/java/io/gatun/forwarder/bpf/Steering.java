package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Libc;
import java.net.Inet4Address;
import java.nio.ByteOrder;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The steering program and its maps: which packets are Gatun's and which socket takes them. Owned by the control
 * thread; every change takes effect between two packets.
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

    private static final int MAX_PORT = 0xffff;

    private final Libc libc;
    private final SteeringMaps maps;
    private final BpfProgram program;
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[SteeringMaps.TUPLE_BYTES]);
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[AddressEntry.BYTES]);

    private Steering(Libc libc, SteeringMaps maps, BpfProgram program) {
        this.libc = libc;
        this.maps = maps;
        this.program = program;
    }

    /**
     * Loads the program with empty maps; it steers nothing yet.
     *
     * @param maxAddresses room for VIPs, SNAT sources and addresses of the node together
     * @param maxQueues receive queues of the interface
     * @throws io.gatun.forwarder.sys.SysException when a map cannot be made
     * @throws VerifierException when the kernel refuses the program
     */
    public static Steering load(Libc libc, int maxAddresses, int maxQueues) {
        SteeringMaps maps = SteeringMaps.create(libc, maxAddresses, maxQueues);
        try {
            ProgramSpec spec = new ProgramSpec(SteeringProgram.NAME, ProgramType.XDP, SteeringProgram.assemble());
            return new Steering(libc, maps, spec.load(libc, maps.byName()));
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    /**
     * Says what is ours of the packets to an address, or says it anew.
     *
     * @param flags OWN_ALL, SERVICES, SNAT, LOCAL, HOST_ECHO, combined; OWN_ALL covers all others
     * @param portMin with SNAT the first port or identifier that is ours, at least 1; otherwise 0
     * @param portMax the last one
     * @throws io.gatun.forwarder.sys.SysException E2BIG when there is no room
     */
    public void putAddress(Inet4Address address, int flags, int portMin, int portMax) {
        if (flags == 0 || (flags & ~AddressEntry.ALL_FLAGS) != 0) {
            throw new IllegalArgumentException("flags=" + flags + " of " + address.getHostAddress()
                    + ", combine OWN_ALL, SERVICES, SNAT, LOCAL and HOST_ECHO");
        }
        if ((flags & SNAT) != 0 && (portMin < 1 || portMin > portMax || portMax > MAX_PORT)) {
            throw new IllegalArgumentException("ports=" + portMin + "-" + portMax + " of " + address.getHostAddress()
                    + ", give a range within 1-" + MAX_PORT);
        }
        AddressEntry.encode(value, flags, portMin, portMax);
        maps.addresses().update(address(address), value);
    }

    /** Forgets an address, or returns false when it was not there. */
    public boolean removeAddress(Inet4Address address) {
        return maps.addresses().delete(address(address));
    }

    /**
     * A service of an address that has SERVICES.
     *
     * @param port the port, 0 for ICMP
     * @param protocol IP protocol number
     */
    public void putService(Inet4Address address, int port, int protocol) {
        maps.services().update(tuple(address, port, protocol), mark());
    }

    /** Forgets a service, or returns false when it was not there. */
    public boolean removeService(Inet4Address address, int port, int protocol) {
        return maps.services().delete(tuple(address, port, protocol));
    }

    /**
     * An endpoint whose replies come back through us with the client as destination (plain DNAT).
     *
     * @param port the endpoint's port, 0 for ICMP
     * @param protocol IP protocol number
     */
    public void putEndpoint(Inet4Address address, int port, int protocol) {
        maps.endpoints().update(tuple(address, port, protocol), mark());
    }

    /** Forgets an endpoint, or returns false when it was not there. */
    public boolean removeEndpoint(Inet4Address address, int port, int protocol) {
        return maps.endpoints().delete(tuple(address, port, protocol));
    }

    /**
     * Gives our packets of a receive queue to an AF_XDP socket that is bound to it; the kernel undoes this when the
     * socket closes, and drops our packets of a queue without a socket.
     */
    public void bindQueue(int queue, int xskFd) {
        key.putInt(0, queue);
        value.putInt(0, xskFd);
        maps.xsks().update(key, value);
    }

    /** Attaches to an interface, in place of the program of an earlier run; see {@link XdpAttachment#attach}. */
    public XdpAttachment.Attached attach(int ifindex, String ifname) {
        return attachment(libc, ifindex, ifname).attach(program);
    }

    /**
     * Removes the steering program from an interface, of this run or an earlier one; needs no loaded program.
     *
     * @return false when none is attached
     * @throws AttachException when the program there is foreign
     */
    public static boolean detach(Libc libc, int ifindex, String ifname) {
        return attachment(libc, ifindex, ifname).detach();
    }

    /** The steering program that an interface carries, of this run or an earlier one. */
    public static Optional<XdpAttachment.Found> find(Libc libc, int ifindex, String ifname) {
        return attachment(libc, ifindex, ifname).current();
    }

    /** The program, owned by this object. */
    public BpfProgram program() {
        return program;
    }

    /** Closes the descriptors; what is attached stays attached and goes on with the maps as they are. */
    @Override
    public void close() {
        program.close();
        maps.close();
    }

    private static XdpAttachment attachment(Libc libc, int ifindex, String ifname) {
        return new XdpAttachment(libc, ifindex, ifname, SteeringProgram.NAME);
    }

    private UnsafeBuffer address(Inet4Address address) {
        key.putBytes(0, address.getAddress());
        return key;
    }

    private UnsafeBuffer tuple(Inet4Address address, int port, int protocol) {
        if (port < 0 || port > MAX_PORT || protocol < 1 || protocol > 0xff) {
            throw new IllegalArgumentException("port=" + port + " protocol=" + protocol + " of "
                    + address.getHostAddress() + ", give a port within 0-" + MAX_PORT + " and a protocol within 1-255");
        }
        address(address);
        key.putShort(4, (short) port, ByteOrder.BIG_ENDIAN);
        key.putByte(6, (byte) protocol);
        key.putByte(7, (byte) 0);
        return key;
    }

    private UnsafeBuffer mark() {
        value.putInt(0, 1);
        return value;
    }
}
