package io.gatun.ha.vrrp;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.RealTime;
import io.gatun.ha.role.Role;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkFlags;
import io.gatun.ha.wire.WireIdleStrategy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VRRP on a thread of its own: a virtual router for each family, silent while it has no addresses. Methods may be called
 * from any thread and do not wait.
 */
public final class Vrrp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Vrrp.class);
    private static final int COMMANDS = 1024;
    /** What the controller's word is worth. */
    private static final int PREFERENCE = 50;

    private final WireIdleStrategy idle = new WireIdleStrategy();
    private final ManyToOneConcurrentArrayQueue<VrrpCommand> commands = new ManyToOneConcurrentArrayQueue<>(COMMANDS);
    private final List<VrrpRouter> routers;
    private final AgentRunner runner;

    private Vrrp(List<String> interfaces, VrrpSpec spec, List<IpAddress> peers, VrrpListener listener) {
        String first = interfaces.getFirst();
        routers = List.of(
                router(false, VrrpRouter.GROUP, first, spec, peers, listener),
                router(true, VrrpRouter.GROUP6, first, spec, peers, listener));
        List<LinkFlags> tracked =
                interfaces.stream().skip(1).map(LinkFlags::new).toList();
        VrrpAgent agent =
                new VrrpAgent(spec, routers, new LinkFlags(first), tracked, SystemNanoClock.INSTANCE, idle, commands);
        runner = new AgentRunner(idle, e -> LOG.error("{} goes on after", agent.roleName(), e), null, agent);
    }

    /**
     * Starts it without addresses.
     *
     * @param interfaces the first carries adverts; each other one lowers the priority while it is down
     * @param peers for unicast; a family that has none uses multicast
     * @param realTimePriority of the thread, at least 1; it runs without one where the process may not have it
     */
    public static Vrrp start(
            List<String> interfaces,
            VrrpSpec spec,
            List<InetAddress> peers,
            int realTimePriority,
            VrrpListener listener) {
        Vrrp vrrp = new Vrrp(interfaces, spec, peers.stream().map(IpAddress::of).toList(), listener);
        AgentRunner.startOnThread(
                vrrp.runner,
                RealTime.threads(Libc.system(), Thread::new, realTimePriority, errno -> tellRefused(spec, errno)));
        return vrrp;
    }

    /**
     * Threads that go before others as that of VRRP does, for what is to be done at a takeover.
     *
     * @param plain makes them as they are else
     * @param realTimePriority 0 for none; they run without one where the process may not have it
     */
    public static ThreadFactory threads(ThreadFactory plain, int realTimePriority) {
        return RealTime.threads(Libc.system(), plain, realTimePriority, errno -> {}); // VRRP's own thread says it
    }

    private static void tellRefused(VrrpSpec spec, int errno) {
        LOG.info(
                "no real-time priority for VRRP ({}): where CPUs are busy, adverts every {} ms may be late and VIPs move"
                        + " without need; CAP_SYS_NICE or a limit for RTPRIO allows it",
                Errno.describe(errno),
                10 * spec.intervalCs());
    }

    private static VrrpRouter router(
            boolean ipv6,
            IpAddress group,
            String interfaceName,
            VrrpSpec spec,
            List<IpAddress> peers,
            VrrpListener listener) {
        List<IpAddress> ofFamily =
                peers.stream().filter(peer -> peer.isIpv4() != ipv6).toList();
        return new VrrpRouter(ipv6, spec, ofFamily, () -> VrrpLink.open(interfaceName, group, ofFamily), listener);
    }

    /** All addresses that nodes share, of both families, in place of those of the last call. */
    public void vips(Collection<InetAddress> vips) {
        List<IpAddress> addresses = vips.stream().map(IpAddress::of).toList();
        List<AddressList> ofRouters = routers.stream()
                .map(router -> AddressList.of(addresses, router.ipv6()))
                .toList();
        command((agent, nowNs) -> agent.onVips(ofRouters, nowNs));
    }

    /** The priority that this node is configured with from now on, 1-254; preferences and decrements come on top. */
    public void priority(int configured) {
        command((agent, nowNs) -> agent.onConfigured(configured, nowNs));
    }

    /** The controller's word: MASTER raises the priority, BACKUP lowers it, FAULT and STOP give up. */
    public void prefer(Role role) {
        int points = switch (role) {
            case MASTER -> PREFERENCE;
            case BACKUP -> -PREFERENCE;
            case FAULT, STOP, NOT_DEFINED -> 0;
        };
        boolean takesPart = role != Role.FAULT && role != Role.STOP;
        command((agent, nowNs) -> agent.onPreference(points, takesPart, nowNs));
    }

    /** Whether this node may take over from a living one of lower priority from now on. */
    public void preemption(Preemption preemption) {
        command((agent, nowNs) -> agent.onPreemption(preemption));
    }

    /** Whether this node forwards as it should; one that does not gives up. */
    public void health(boolean well) {
        command((agent, nowNs) -> agent.onHealth(well, nowNs));
    }

    /**
     * Neighbours that should always answer, such as gateways; one that is lost lowers the priority. The first of each
     * family counts, in place of those of the last call.
     */
    public void witnesses(Collection<InetAddress> witnesses) {
        List<IpAddress> addresses = witnesses.stream().map(IpAddress::of).toList();
        List<IpAddress> ofRouters = new ArrayList<>();
        for (VrrpRouter router : routers) {
            ofRouters.add(addresses.stream()
                    .filter(address -> address.isIpv4() != router.ipv6())
                    .findFirst()
                    .orElse(null));
        }
        command((agent, nowNs) -> agent.onWitnesses(ofRouters, nowNs));
    }

    /** Another detector, BFD say, has found that the node with this address is dead. */
    public void nodeLost(InetAddress node) {
        IpAddress address = IpAddress.of(node);
        command((agent, nowNs) -> agent.onNodeLost(address, nowNs));
    }

    private void command(VrrpCommand command) {
        if (!commands.offer(command)) {
            throw new IllegalStateException("vrrp.commands=" + COMMANDS + " are waiting, its thread does not run");
        }
        idle.wake();
    }

    public VrrpState state(boolean ipv6) {
        return router(ipv6).state();
    }

    public VrrpCounters counters(boolean ipv6) {
        return router(ipv6).counters();
    }

    private VrrpRouter router(boolean ipv6) {
        return routers.get(ipv6 ? 1 : 0);
    }

    /** Says goodbye and ends the thread; the listener has heard of it when this returns. */
    @Override
    public void close() {
        runner.close();
        idle.close();
    }
}
