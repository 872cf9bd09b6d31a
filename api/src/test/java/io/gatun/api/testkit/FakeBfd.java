package io.gatun.api.testkit;

import io.gatun.api.bfd.BfdSessions;
import io.gatun.ha.bfd.BfdDiagnostic;
import io.gatun.ha.bfd.BfdPeerSnapshot;
import io.gatun.ha.bfd.BfdState;
import io.gatun.ha.bfd.BfdTimers;
import java.net.InetAddress;
import java.util.List;

/** One session, which is up. */
public final class FakeBfd implements BfdSessions {
    public static final String PEER = "192.168.80.6";

    private static final InetAddress ADDRESS = InetAddress.ofLiteral(PEER);

    private volatile BfdTimers timers = BfdTimers.DEFAULT;

    public BfdTimers timers() {
        return timers;
    }

    @Override
    public List<BfdPeerSnapshot> all() {
        long intervalNs = timers.desiredMinTxUs() * 1_000;
        return List.of(new BfdPeerSnapshot(
                ADDRESS,
                BfdState.UP,
                BfdState.UP,
                BfdDiagnostic.NONE,
                intervalNs,
                intervalNs * timers.multiplier(),
                timers.multiplier()));
    }

    @Override
    public void timers(InetAddress peer, BfdTimers wanted) {
        if (!peer.equals(ADDRESS)) {
            throw new IllegalArgumentException("bfd peer=" + peer.getHostAddress() + " is not configured");
        }
        timers = wanted;
    }
}
