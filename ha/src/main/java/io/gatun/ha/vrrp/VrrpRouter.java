package io.gatun.ha.vrrp;

import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.sys.SysException;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.MacAddress;
import io.gatun.ha.wire.Pollable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The virtual router of one family on its wire. Owned by the agent; what others read is volatile. */
final class VrrpRouter implements VrrpActions {
    /** 224.0.0.18 and ff02::12, RFC 9568 sections 5.1.1.2 and 5.1.2.2. */
    static final IpAddress GROUP = IpAddress.ofIpv4(0xe000_0012);

    static final IpAddress GROUP6 = new IpAddress(0xff02_0000_0000_0000L, 0x12);

    private static final Logger LOG = LoggerFactory.getLogger(VrrpRouter.class);
    private static final int FRAMES_PER_CYCLE = 64;
    private static final int FRAME_BYTES = 2048;
    private static final long REOPEN_NS = 100 * VrrpTiming.CENTISECOND_NS;
    /** A rival is told to the network at most this often: its adverts may cross ours. */
    private static final long RIVAL_NS = 100 * VrrpTiming.CENTISECOND_NS;

    private final boolean ipv6;
    private final int vrid;
    private final List<IpAddress> destinations;
    private final Supplier<Optional<VrrpWire>> opener;
    private final VrrpListener listener;
    private final VrrpInstance instance;
    private final AdvertReader reader;
    private final Witness witness = new Witness();
    private final VrrpCounters counters = new VrrpCounters();
    private final UnsafeBuffer received = new UnsafeBuffer(ByteBuffer.allocateDirect(FRAME_BYTES));
    private final UnsafeBuffer sent = new UnsafeBuffer(ByteBuffer.allocateDirect(FRAME_BYTES));
    private final VrrpFlyweight advert = new VrrpFlyweight().wrap(sent, 0);
    private AddressList addresses;
    private int advertBytes;
    private VrrpWire wire;
    private boolean wanted = true;
    private long nowNs;
    private long reopenNs;
    private long rivalNs;
    private boolean hadRival;
    private volatile VrrpState state = VrrpState.INITIALIZE;

    /**
     * @param peers of this family; empty for multicast
     * @param opener opens a wire as the interface is now
     */
    VrrpRouter(
            boolean ipv6,
            VrrpSpec spec,
            List<IpAddress> peers,
            Supplier<Optional<VrrpWire>> opener,
            VrrpListener listener) {
        this.ipv6 = ipv6;
        this.vrid = spec.vrid();
        IpAddress group = ipv6 ? GROUP6 : GROUP;
        this.destinations = peers.isEmpty() ? List.of(group) : List.copyOf(peers);
        this.opener = opener;
        this.listener = listener;
        this.instance = new VrrpInstance(spec, this);
        this.reader = new AdvertReader(ipv6, spec.vrid(), peers, group);
        addresses(AddressList.of(List.of(), ipv6));
    }

    boolean ipv6() {
        return ipv6;
    }

    /** For any thread. */
    VrrpState state() {
        return state;
    }

    VrrpCounters counters() {
        return counters;
    }

    VrrpInstance instance() {
        return instance;
    }

    /** What the thread is to wake up for. */
    List<Pollable> pollables() {
        if (wire == null) {
            return List.of();
        }
        return wire.probe() == null ? List.of(wire) : List.of(wire, wire.probe());
    }

    /** The interface is so now. @return whether the wire is another one than before */
    boolean onLink(boolean up, long now) {
        nowNs = now;
        if (!up && wire != null) {
            instance.onLink(false, now);
            wire.close();
            wire = null;
            published();
            return true;
        }
        if (up && wire == null && !addresses.isEmpty() && now - reopenNs >= 0) {
            reopenNs = now + REOPEN_NS;
            return open();
        }
        return false;
    }

    private boolean open() {
        try {
            wire = opener.get().orElse(null);
        } catch (SysException e) {
            LOG.warn("VRRP of {} waits: {}", family(), e.getMessage());
        }
        if (wire == null) {
            return false;
        }
        reader.own(wire.source());
        instance.address(wire.source().high(), wire.source().low());
        instance.onLink(true, nowNs);
        published();
        return true;
    }

    int receive(long now) {
        nowNs = now;
        if (wire == null) {
            return 0;
        }
        int count = 0;
        for (int length = wire.receive(received); length > 0; length = wire.receive(received)) {
            onFrame(Math.min(length, received.capacity()));
            if (++count == FRAMES_PER_CYCLE) {
                break;
            }
        }
        count += receiveAnswers();
        if (count > 0) {
            published();
        }
        return count;
    }

    private int receiveAnswers() {
        AddressProbe probe = wire.probe();
        int count = 0;
        while (probe != null && count < FRAMES_PER_CYCLE && probe.receive()) {
            count++;
            if (!addresses.isEmpty() && probe.answers(addresses.addresses().getFirst())) {
                onProbeAnswer(probe);
            }
            if (witness.address() != null && probe.answers(witness.address())) {
                witness.onAnswer();
            }
        }
        return count;
    }

    private void onProbeAnswer(AddressProbe probe) {
        int before = instance.heldBack();
        instance.onProbeAnswer(nowNs);
        if (instance.heldBack() > before) {
            counters.countHeldBack();
            if (before == 0) {
                LOG.warn(
                        "VRRP of {}: no adverts come, but {} is answered for by {}: its owner lives and the path of the"
                                + " adverts is dead; asking again for a while before taking it over",
                        family(),
                        addresses.addresses().getFirst(),
                        new MacAddress(probe.answeredMac()));
            }
        }
    }

    /** Who is to be there always; null for nobody. */
    void witness(IpAddress address, long now) {
        witness.address(address, now);
    }

    /** Asks for the witness when that is due. @return whether it is lost */
    boolean checkWitness(long now) {
        if (wire == null || wire.probe() == null) {
            witness.unreachable(now);
        } else if (witness.due(now)) {
            wire.probe().ask(witness.address(), false);
        }
        return witness.lost();
    }

    private void onFrame(int lengthBytes) {
        VrrpVerdict verdict = reader.read(received, lengthBytes);
        boolean first = counters.count(verdict) == 1;
        if (first && verdict != VrrpVerdict.VALID && verdict != VrrpVerdict.OTHER_VRID) {
            LOG.warn(
                    "VRRP of {}: an advert from {} is {}{}; further ones are counted only",
                    family(),
                    new IpAddress(reader.sourceHigh(), reader.sourceLow()),
                    verdict,
                    verdict.obeyed() ? " (ours are " + addresses.addresses() + "), it is obeyed" : ", it is ignored");
        }
        if (verdict.obeyed()) {
            instance.onAdvert(reader.priority(), reader.intervalCs(), reader.sourceHigh(), reader.sourceLow(), nowNs);
        }
    }

    void onTimer(long now) {
        nowNs = now;
        instance.onTimer(now);
        published();
    }

    void onNodeLost(IpAddress node, long now) {
        nowNs = now;
        instance.onNodeLost(node.high(), node.low(), now);
    }

    /** The thread was away. @return whether it listens before it goes on */
    boolean onFreeze(long now) {
        nowNs = now;
        counters.countFreeze();
        boolean listens = instance.onFreeze(now);
        published();
        return listens;
    }

    void priority(int priority, long now) {
        nowNs = now;
        instance.priority(priority, now);
    }

    /** Whether to take part at all. */
    void want(boolean now, long timeNs) {
        nowNs = timeNs;
        wanted = now;
        settle();
    }

    /** The addresses from now on; without any it is silent. */
    void vips(AddressList now, long timeNs) {
        nowNs = timeNs;
        if (now.isEmpty()) {
            instance.enable(false, timeNs); // says goodbye with the list that there was
        }
        addresses(now);
        settle();
    }

    private void settle() {
        instance.enable(wanted && !addresses.isEmpty(), nowNs);
        published();
    }

    private void addresses(AddressList now) {
        addresses = now;
        reader.addresses(now);
        advertBytes = now.writeTo(advert);
    }

    /** Says goodbye if it owns the addresses. */
    void leave(long now) {
        want(false, now);
        if (wire != null) {
            wire.close();
            wire = null;
        }
    }

    private void published() {
        VrrpState before = state;
        VrrpState after = instance.state();
        if (before != after) {
            state = after;
            LOG.info("VRRP of {} is {}, priority {}", family(), after, instance.priority());
        }
    }

    private String family() {
        return (ipv6 ? "IPv6, vrid=" : "IPv4, vrid=") + vrid;
    }

    @Override
    public void advertise(int priority, int intervalCs) {
        if (wire == null) {
            return;
        }
        advert.header(vrid, priority, addresses.size(), intervalCs);
        for (int i = 0; i < destinations.size(); i++) {
            IpAddress destination = destinations.get(i);
            advert.writeChecksum(pseudoHeader(wire.source(), destination), advertBytes);
            counters.countSent(wire.send(sent, advertBytes, destination) >= 0);
        }
    }

    private long pseudoHeader(IpAddress source, IpAddress destination) {
        return ipv6
                ? InternetChecksum.pseudoHeader6(
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low(),
                        VrrpFlyweight.PROTOCOL,
                        advertBytes)
                : InternetChecksum.pseudoHeader(source.ipv4(), destination.ipv4(), VrrpFlyweight.PROTOCOL, advertBytes);
    }

    @Override
    public void probe() {
        if (wire != null && wire.probe() != null) {
            counters.countProbe();
            wire.probe().ask(addresses.addresses().getFirst(), true);
        }
    }

    @Override
    public void onActive() {
        hadRival = false;
        listener.onTakeover(ipv6, instance.takeover(nowNs));
        listener.onState(ipv6, VrrpState.ACTIVE);
    }

    @Override
    public void onSilent() {
        listener.onState(ipv6, instance.state());
    }

    @Override
    public void onRival() {
        if (!hadRival || nowNs - rivalNs >= 0) {
            hadRival = true;
            rivalNs = nowNs + RIVAL_NS;
            listener.onRival(ipv6);
        }
    }
}
