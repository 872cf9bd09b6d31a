package io.gatun.ha.bfd;

import io.gatun.forwarder.sys.Libc;
import io.gatun.ha.wire.WireIdleStrategy;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions with peers, on a thread of their own. All methods may be called from any thread. */
public final class BfdPeers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BfdPeers.class);

    private final BfdCounters counters = new BfdCounters();
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final List<BfdPeer> peers = new ArrayList<>();
    private final List<BfdReceiver> receivers = new ArrayList<>();
    private final List<BfdSender> senders = new ArrayList<>();
    private final WireIdleStrategy idle = new WireIdleStrategy();
    private BfdAgent agent;
    private AgentRunner runner;

    private BfdPeers() {}

    /**
     * Opens the sockets in the network namespace of this thread and looks for the peers from now on.
     *
     * @param configs at least one, each peer once
     * @throws io.gatun.forwarder.sys.SysException EADDRINUSE when another process speaks BFD here, EADDRNOTAVAIL when a
     *     local address is not this host's, EAFNOSUPPORT without IPv6
     */
    public static BfdPeers start(List<BfdPeerConfig> configs, BfdListener listener, ThreadFactory threads) {
        requireEachOnce(configs);
        BfdPeers started = new BfdPeers();
        try {
            started.open(configs, listener);
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(started.senders);
            CloseHelper.quietCloseAll(started.receivers);
            started.idle.close();
            throw e;
        }
        AgentRunner.startOnThread(started.runner, threads);
        return started;
    }

    private static void requireEachOnce(List<BfdPeerConfig> configs) {
        Set<String> seen = new HashSet<>();
        for (BfdPeerConfig config : configs) {
            if (!seen.add(name(config.peer()))) {
                throw new IllegalArgumentException(
                        "bfd peer=" + config.peer().getHostAddress() + " is given twice, leave one away");
            }
        }
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("bfd peers=[], give one");
        }
    }

    /** With the zone, which Java leaves out when it compares addresses. */
    private static String name(InetAddress address) {
        return address.getHostAddress();
    }

    private void open(List<BfdPeerConfig> configs, BfdListener listener) {
        Libc libc = Libc.system();
        SecureRandom secret = new SecureRandom();
        SplittableRandom random = new SplittableRandom(secret.nextLong());
        Set<Integer> discriminators = new HashSet<>(Set.of(0));
        for (int family : new int[] {BfdAddresses.AF_INET, BfdAddresses.AF_INET6}) {
            if (configs.stream().anyMatch(config -> BfdAddresses.family(config.peer()) == family)) {
                receivers.add(BfdReceiver.open(libc, family == BfdAddresses.AF_INET6));
            }
        }
        for (BfdPeerConfig config : configs) {
            int discriminator = secret.nextInt(); // not to be guessed by who does not see the link
            while (!discriminators.add(discriminator)) {
                discriminator = secret.nextInt();
            }
            UdpBfdSender sender = UdpBfdSender.open(libc, config, random);
            senders.add(sender);
            peers.add(new BfdPeer(config, discriminator, sender, random.split(), listener, counters));
        }
        BfdFlyweight packet = new BfdFlyweight();
        BfdPeerTable table = new BfdPeerTable(peers, packet);
        agent = new BfdAgent(receivers, packet, table, SystemNanoClock.INSTANCE, commands, counters, idle);
        runner = new AgentRunner(idle, e -> LOG.error("{} goes on after", agent.roleName(), e), null, agent);
    }

    /**
     * Other intervals from now on, agreed with the peer by a poll, without leaving Up.
     *
     * @throws IllegalArgumentException when there is no such peer
     */
    public void timers(InetAddress address, BfdTimers wanted) {
        BfdPeer peer = peers.stream()
                .filter(each -> name(each.address()).equals(name(address)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("bfd peer=" + address.getHostAddress() + " is not configured"));
        commands.add(() -> agent.onTimers(peer, wanted));
        idle.wake();
    }

    /** In the order of the configuration. */
    public List<BfdPeerSnapshot> snapshots() {
        return peers.stream().map(BfdPeer::snapshot).toList();
    }

    /** What was sent, taken, and refused for which reason. */
    public Map<String, Long> counters() {
        return counters.snapshot();
    }

    /** Tells each peer AdminDown, closes the sockets, and returns when that is done. */
    @Override
    public void close() {
        runner.close();
        idle.close();
    }
}
