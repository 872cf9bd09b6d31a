package io.gatun.api.daemon;

import io.gatun.api.bfd.BfdSessions;
import io.gatun.api.metrics.HaFigures;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.LinkListener;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.ha.announce.AnnouncementTimes;
import io.gatun.ha.announce.Announcer;
import io.gatun.ha.announce.AnnouncerCounter;
import io.gatun.ha.announce.AnnouncerInterface;
import io.gatun.ha.announce.AnnouncerProxy;
import io.gatun.ha.bfd.BfdDiagnostic;
import io.gatun.ha.bfd.BfdListener;
import io.gatun.ha.bfd.BfdPeerConfig;
import io.gatun.ha.bfd.BfdPeerSnapshot;
import io.gatun.ha.bfd.BfdPeers;
import io.gatun.ha.bfd.BfdTimers;
import io.gatun.ha.incident.IncidentRecorder;
import io.gatun.ha.incident.Incidents;
import io.gatun.ha.incident.TakeoverMeter;
import io.gatun.ha.role.Role;
import io.gatun.ha.role.RoleListener;
import io.gatun.ha.role.RoleTable;
import io.gatun.ha.sync.SyncState;
import io.gatun.ha.vrrp.Preemption;
import io.gatun.ha.vrrp.Takeover;
import io.gatun.ha.vrrp.Vrrp;
import io.gatun.ha.vrrp.VrrpListener;
import io.gatun.ha.vrrp.VrrpSpec;
import io.gatun.ha.vrrp.VrrpState;
import io.gatun.ha.wire.IpSubnet;
import io.gatun.ha.wire.MacAddress;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties the roles of instances to the two that act on them: first the forwarder admits new flows, then we announce. With
 * VRRP the roles are its outcome; it tells them through a thread of this class, so that its own never waits.
 */
final class AnnouncingVipOwner implements VipOwner {
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncingVipOwner.class);

    private static final int BFD_MULTIPLIER = 3;
    private static final int ANNOUNCER_PATIENCE_S = 10;
    private static final long GRACE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long GRACE_MAX_NS = TimeUnit.SECONDS.toNanos(1);

    private final Announcer announcer;
    private final RoleTable roles;
    private final Optional<InetAddress> snatAddress;
    /** The controller's calls come one at a time; those of VRRP are one more caller. */
    private final ReentrantLock lock = new ReentrantLock();

    private final ExecutorService elections;
    private final Optional<IncidentRecorder> incidents;
    private final Optional<Vrrp> vrrp;
    private final Optional<NodeWatch> watch;
    private final Optional<BfdPeers> bfd;
    private final Admission admission;
    private final long graceNs;

    AnnouncingVipOwner(Forwarder forwarder, RunOptions options) {
        this.snatAddress = options.snatAddress();
        int realTimePriority =
                options.vrrp().map(asked -> realTimePriority(options)).orElse(0);
        ThreadFactory threads = Vrrp.threads(Thread::new, realTimePriority);
        elections = Executors.newSingleThreadExecutor(
                Vrrp.threads(Thread.ofPlatform().daemon().name("gatun-roles").factory(), realTimePriority));
        List<AnnouncerInterface> interfaces = interfaces(forwarder);
        announcer = Announcer.start(
                interfaces,
                options.vrrp()
                        .map(asked -> VrrpSpec.freezeNs(asked.intervalCs()))
                        .orElse(0L),
                threads);
        forwarder.onLinks(new Links(forwarder, announcer.proxy()));
        admission = new Admission(forwarder);
        // The announcement first: admission waits for the conductor.
        List<RoleListener> listeners =
                List.of(new ExceptOwnAddresses(announcer.proxy(), () -> ownAddresses(interfaces)), admission);
        roles = options.vrrp().isPresent() ? RoleTable.elected(listeners) : new RoleTable(listeners);
        incidents = options.vrrp()
                .map(asked -> new IncidentRecorder(
                        new Meter(forwarder, announcer.proxy()),
                        TimeUnit.MILLISECONDS.toNanos(asked.checks().trafficAlarmMs())));
        vrrp = options.vrrp().map(asked -> start(options, asked));
        if (!options.sync().peers().isEmpty()) {
            connections(SyncState.SILENT);
        }
        bfd = options.vrrp()
                .filter(asked -> asked.bfdIntervalMs() > 0)
                .map(asked -> watch(asked, vrrp.orElseThrow(), threads));
        watch = options.vrrp()
                .map(asked -> NodeWatch.start(
                        forwarder,
                        vrrp.orElseThrow(),
                        asked.checks(),
                        () -> Gateways.of(options.interfaces().getFirst())));
        graceNs = options.vrrp().map(AnnouncingVipOwner::graceNs).orElse(0L);
    }

    /** The other nodes take over after a skew of less than an interval, and tell clients at once. */
    private static long graceNs(RunOptions.Vrrp asked) {
        return Math.min(intervalNs(asked), GRACE_MAX_NS) + GRACE_NS;
    }

    private static long intervalNs(RunOptions.Vrrp asked) {
        return TimeUnit.MILLISECONDS.toNanos(10L * asked.intervalCs());
    }

    private static BfdPeers watch(RunOptions.Vrrp asked, Vrrp election, ThreadFactory threads) {
        BfdTimers timers = BfdTimers.ofMillis(asked.bfdIntervalMs(), BFD_MULTIPLIER);
        List<BfdPeerConfig> peers = asked.peers().stream()
                .map(peer -> BfdPeerConfig.of(peer, timers))
                .toList();
        try {
            return BfdPeers.start(peers, new Detector(election), threads);
        } catch (RuntimeException e) { // of the kernel: the port is taken, there is no IPv6
            election.close();
            throw new StartException(
                    "--bfd=" + asked.bfdIntervalMs() + "ms cannot be (" + e.getMessage()
                            + "), stop what else speaks BFD here",
                    e);
        }
    }

    private Vrrp start(RunOptions options, RunOptions.Vrrp asked) {
        VrrpSpec spec = new VrrpSpec(
                asked.vrid(),
                asked.priority(),
                asked.intervalCs(),
                asked.preempt(),
                TimeUnit.MILLISECONDS.toNanos(asked.checks().preemptDelayMs()),
                TimeUnit.MILLISECONDS.toNanos(asked.checks().probeMs()));
        return Vrrp.start(options.interfaces(), spec, asked.peers(), realTimePriority(options), new Elections());
    }

    /** Adverts and takeovers are not to wait for packets either. */
    private static int realTimePriority(RunOptions options) {
        return options.agentPriority() + 1;
    }

    @Override
    public void vips(Map<InetAddress, String> instances) {
        Map<InetAddress, String> answered = new LinkedHashMap<>(instances);
        // It moves with the VIPs, so it follows the role of one of their instances: that of the oldest rule.
        snatAddress.ifPresent(source ->
                instances.values().stream().findFirst().ifPresent(instance -> answered.putIfAbsent(source, instance)));
        locked(() -> {
            roles.vips(answered);
            vrrp.ifPresent(election -> {
                election.prefer(roles.preference());
                election.vips(instances.keySet());
            });
        });
    }

    @Override
    public void role(String instance, Role role) {
        locked(() -> {
            roles.prefer(instance, role);
            vrrp.ifPresent(election -> election.prefer(roles.preference()));
        });
    }

    @Override
    public Role inForce(String instance, Role asked) {
        if (vrrp.isEmpty()) {
            return asked;
        }
        lock.lock();
        try {
            return roles.role(instance);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void connections(SyncState state) {
        Preemption preemption = switch (state) {
            case COMPLETE -> Preemption.ALLOWED;
            case SILENT -> Preemption.AFTER_PATIENCE;
            case COMING -> Preemption.HELD_BACK;
        };
        vrrp.ifPresent(election -> election.preemption(preemption));
    }

    @Override
    public void tune(RunOptions.Vrrp asked) {
        vrrp.ifPresent(election -> election.priority(asked.priority()));
        incidents.ifPresent(recorder ->
                recorder.alarm(TimeUnit.MILLISECONDS.toNanos(asked.checks().trafficAlarmMs())));
        watch.ifPresent(each -> each.witness(asked.checks()));
    }

    /** Another node takes over while this one still forwards what comes, new connections too. */
    @Override
    public void leave() {
        if (elections.isShutdown()) {
            return;
        }
        boolean owner = vrrp.filter(
                        each -> each.state(false) == VrrpState.ACTIVE || each.state(true) == VrrpState.ACTIVE)
                .isPresent();
        watch.ifPresent(NodeWatch::close);
        admission.leave();
        bfd.ifPresent(BfdPeers::close);
        vrrp.ifPresent(Vrrp::close);
        elections.close(); // what VRRP said last is in force
        if (owner) {
            LockSupport.parkNanos(graceNs);
        }
    }

    @Override
    public void close() {
        leave();
        incidents.ifPresent(IncidentRecorder::close);
        announcer.close();
    }

    @Override
    public Incidents incidents() {
        return incidents.map(IncidentRecorder::incidents).orElseGet(Incidents::new);
    }

    @Override
    public Optional<String> stalled() {
        return watch.flatMap(NodeWatch::ill);
    }

    @Override
    public HaFigures figures() {
        return new Figures();
    }

    @Override
    public void announcements(AnnouncementTimes times) {
        announcer
                .proxy()
                .announcements(times)
                .orTimeout(ANNOUNCER_PATIENCE_S, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public BfdSessions bfd() {
        return bfd.<BfdSessions>map(Watched::new).orElse(BfdSessions.NONE);
    }

    /** The peers as clients of REST see them. */
    private record Watched(BfdPeers peers) implements BfdSessions {
        @Override
        public List<BfdPeerSnapshot> all() {
            return peers.snapshots();
        }

        @Override
        public void timers(InetAddress peer, BfdTimers wanted) {
            peers.timers(peer, wanted);
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private static List<AnnouncerInterface> interfaces(Forwarder forwarder) {
        List<AnnouncerInterface> interfaces = new ArrayList<>();
        for (PortSnapshot port : forwarder.ports()) {
            if (HostInterfaces.isLocalPair(port.name())) {
                continue; // nobody there asks, and there is no network to tell
            }
            interfaces.add(announced(port));
        }
        return interfaces;
    }

    private static AnnouncerInterface announced(PortSnapshot port) {
        List<IpSubnet> subnets = new ArrayList<>();
        for (InterfaceAddress own : addresses(port.name())) {
            subnets.add(IpSubnet.of(own.getAddress(), own.getNetworkPrefixLength()));
        }
        return new AnnouncerInterface(port.name(), port.index(), MacAddress.parse(port.mac()), subnets);
    }

    private static List<InterfaceAddress> addresses(String interfaceName) {
        try {
            NetworkInterface known = NetworkInterface.getByName(interfaceName);
            // Java does not know interfaces without an address.
            return known == null ? List.of() : known.getInterfaceAddresses();
        } catch (SocketException e) {
            throw new StartException("the addresses of " + interfaceName + " cannot be read (" + e + ")", e);
        }
    }

    /** What the served interfaces have now; addresses come and go while we run. */
    private static Set<InetAddress> ownAddresses(List<AnnouncerInterface> interfaces) {
        Set<InetAddress> own = new HashSet<>();
        for (AnnouncerInterface each : interfaces) {
            addresses(each.name()).forEach(address -> own.add(address.getAddress()));
        }
        return own;
    }

    private final class Elections implements VrrpListener {
        @Override
        public void onTakeover(boolean ipv6, Takeover takeover) {
            elections.execute(() -> incidents.orElseThrow().begin(ipv6, takeover));
        }

        @Override
        public void onState(boolean ipv6, VrrpState state) {
            boolean active = state == VrrpState.ACTIVE;
            elections.execute(() -> {
                locked(() -> roles.elect(ipv6, active));
                if (!active) {
                    incidents.orElseThrow().end(ipv6);
                }
            });
        }

        @Override
        public void onRival(boolean ipv6) {
            LOG.warn("another node acted as master of our VIPs: announcing them again");
            elections.execute(() -> locked(() -> roles.repeat(ipv6)));
        }
    }

    private final class Figures implements HaFigures {
        @Override
        public Map<String, Long> announcer() {
            return announcer.proxy().counters();
        }

        @Override
        public Optional<HaFigures.Vrrp> vrrp(boolean ipv6) {
            return vrrp.map(election -> new HaFigures.Vrrp(election.state(ipv6), election.counters(ipv6)));
        }

        @Override
        public List<BfdPeerSnapshot> bfdPeers() {
            return bfd.map(BfdPeers::snapshots).orElse(List.of());
        }

        @Override
        public Map<String, Long> bfd() {
            return bfd.map(BfdPeers::counters).orElse(Map.of());
        }
    }

    /** What incidents are measured by. */
    private record Meter(Forwarder forwarder, AnnouncerProxy announcer) implements TakeoverMeter {
        @Override
        public long announced(boolean ipv6) {
            return announcer.counter(ipv6 ? AnnouncerCounter.NDP_ANNOUNCED : AnnouncerCounter.ANNOUNCED);
        }

        @Override
        public long forwarded() {
            return forwarder.activity().transmitted();
        }

        @Override
        public long withoutConnection() {
            return forwarder.activity().withoutConnection();
        }

        @Override
        public long connections() {
            return forwarder.activity().connections();
        }
    }

    /** Has the announcer follow the interfaces that are deleted and made anew. */
    private record Links(Forwarder forwarder, AnnouncerProxy announcer) implements LinkListener {
        @Override
        public void onUp(int ifindex) {
            for (PortSnapshot port : forwarder.ports()) {
                if (port.index() == ifindex && !HostInterfaces.isLocalPair(port.name())) {
                    var _ = announcer.linkUp(() -> announced(port)).exceptionally(e -> {
                        LOG.warn("{}: VIPs are not answered there: {}", port.name(), e.getMessage());
                        return null;
                    });
                }
            }
        }

        @Override
        public void onGone(int ifindex) {
            var _ = announcer.linkGone(ifindex);
        }
    }

    /** Passes on what BFD finds; a node that leaves on purpose says so by VRRP too. */
    private record Detector(Vrrp election) implements BfdListener {
        @Override
        public void onPeerUp(InetAddress peer, long afterNs) {
            LOG.info("BFD: {} is up", peer.getHostAddress());
        }

        @Override
        public void onPeerDown(InetAddress peer, BfdDiagnostic diagnostic, boolean administrative, long silentNs) {
            LOG.warn(
                    "BFD: {} is down ({}), silent for {} ms",
                    peer.getHostAddress(),
                    administrative ? "it leaves" : diagnostic,
                    TimeUnit.NANOSECONDS.toMillis(silentNs));
            election.nodeLost(peer);
        }
    }

    private static final class Admission implements RoleListener {
        private final Forwarder forwarder;
        private volatile boolean leaving;

        private Admission(Forwarder forwarder) {
            this.forwarder = forwarder;
        }

        /** From now on new flows are taken whatever the role: those that still come have nowhere else to go. */
        private void leave() {
            leaving = true;
        }

        @Override
        public void onMaster(Set<InetAddress> vips) {
            forwarder.admitNewFlows(vips, true);
        }

        @Override
        public void onBackup(Set<InetAddress> vips) {
            if (!leaving) {
                forwarder.admitNewFlows(vips, false);
            }
        }

        @Override
        public void onReleased(Set<InetAddress> vips) {
            // The next service of these VIPs is told its role before it is announced.
            forwarder.admitNewFlows(vips, true);
        }
    }
}
