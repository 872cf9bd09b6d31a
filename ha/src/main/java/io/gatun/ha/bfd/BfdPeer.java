package io.gatun.ha.bfd;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Memory;
import io.gatun.ha.wire.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session with its peer's address and socket, and the voice in which it is reported. Owned by the agent. */
final class BfdPeer implements BfdActions {
    private static final Logger LOG = LoggerFactory.getLogger(BfdPeer.class);
    private static final double NS_PER_MS = 1e6;

    private final InetAddress address;
    private final long high;
    private final long low;
    private final int scope;
    private final BfdSession session;
    private final BfdSender sender;
    private final BfdListener listener;
    private final BfdCounters counters;
    private final ByteBuffer bytes = Memory.allocate(BfdFlyweight.LENGTH_BYTES);
    private final BfdFlyweight packet = new BfdFlyweight().wrap(new UnsafeBuffer(bytes), 0);
    private long notUpSinceNs;
    private boolean sends = true;
    private volatile BfdPeerSnapshot snapshot;

    /** @param localDiscriminator as {@link BfdSession} wants it */
    BfdPeer(
            BfdPeerConfig config,
            int localDiscriminator,
            BfdSender sender,
            RandomGenerator random,
            BfdListener listener,
            BfdCounters counters) {
        this.address = config.peer();
        IpAddress ip = IpAddress.of(address);
        this.high = ip.high();
        this.low = ip.low();
        this.scope = BfdAddresses.scope(address);
        this.session = new BfdSession(localDiscriminator, config.timers(), random, this);
        this.sender = sender;
        this.listener = listener;
        this.counters = counters;
        this.snapshot = look();
    }

    void start(long nowNs) {
        notUpSinceNs = nowNs;
        session.start(nowNs);
        publish();
    }

    void onPacket(BfdFlyweight received, long nowNs) {
        session.onPacket(received, nowNs);
        publish();
    }

    /** Does what is due, if anything. @return 1 when something was */
    int onTimer(long nowNs) {
        if (nowNs - session.deadlineNs(nowNs) < 0) {
            return 0;
        }
        session.onTimer(nowNs);
        publish();
        return 1;
    }

    void timers(BfdTimers wanted, long nowNs) {
        session.timers(wanted, nowNs);
        publish();
    }

    /** Says AdminDown and closes the socket. */
    void close(long nowNs) {
        session.stop(nowNs);
        publish();
        sender.close();
    }

    InetAddress address() {
        return address;
    }

    BfdSession session() {
        return session;
    }

    /** Whether a packet from this address may be the peer's. */
    boolean isAt(long senderHigh, long senderLow, int senderScope) {
        return senderLow == low && senderHigh == high && senderScope == scope;
    }

    /** For any thread. */
    BfdPeerSnapshot snapshot() {
        return snapshot;
    }

    @Override
    public void transmit(BfdSession of, boolean isFinal) {
        session.encode(packet, isFinal);
        int result = sender.send(bytes);
        if (result == bytes.capacity()) {
            counters.sent();
            sends = true;
            return;
        }
        counters.sendFailed();
        if (sends) {
            sends = false;
            LOG.warn("nothing can be sent to bfd peer={}: {}", address.getHostAddress(), Errno.describe(-result));
        }
    }

    @Override
    public void onState(BfdSession of, BfdState from, long nowNs) {
        BfdState to = session.state();
        try {
            if (to == BfdState.UP) {
                long afterNs = nowNs - notUpSinceNs;
                LOG.info("bfd peer={} is up after {} ms", address.getHostAddress(), afterNs / NS_PER_MS);
                listener.onPeerUp(address, afterNs);
            } else if (from == BfdState.UP) {
                notUpSinceNs = nowNs;
                if (to != BfdState.ADMIN_DOWN) {
                    onPeerDown(nowNs - session.heardNs());
                }
            }
        } catch (RuntimeException e) {
            LOG.error("bfd peer={} is {}, which was not understood", address.getHostAddress(), to, e);
        }
    }

    private void onPeerDown(long silentNs) {
        boolean administrative = session.remoteState() == BfdState.ADMIN_DOWN;
        LOG.warn(
                "bfd peer={} is down: {}{}, heard {} ms ago",
                address.getHostAddress(),
                session.diagnostic(),
                administrative ? ", on purpose" : "",
                silentNs / NS_PER_MS);
        listener.onPeerDown(address, session.diagnostic(), administrative, silentNs);
    }

    /** Allocates when something changed only. */
    private void publish() {
        BfdPeerSnapshot shown = snapshot;
        if (shown.state() != session.state()
                || shown.remoteState() != session.remoteState()
                || shown.diagnostic() != session.diagnostic()
                || shown.intervalNs() != session.intervalNs()
                || shown.detectionNs() != session.detectionNs()
                || shown.multiplier() != session.multiplier()) {
            snapshot = look();
        }
    }

    private BfdPeerSnapshot look() {
        return new BfdPeerSnapshot(
                address,
                session.state(),
                session.remoteState(),
                session.diagnostic(),
                session.intervalNs(),
                session.detectionNs(),
                session.multiplier());
    }
}
