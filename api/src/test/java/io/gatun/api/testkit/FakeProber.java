package io.gatun.api.testkit;

import io.gatun.ha.health.Outcome;
import io.gatun.ha.health.ProbeTarget;
import io.gatun.ha.health.Prober;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Endpoints that answer, unless they are said to be dead. */
public final class FakeProber implements Prober {
    private static final long DELAY_NS = 1_234_567;

    private final Set<InetAddress> dead = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<ProbeTarget> asked = new LinkedBlockingQueue<>();

    public void kill(String address) {
        dead.add(InetAddress.ofLiteral(address));
    }

    public void revive(String address) {
        dead.remove(InetAddress.ofLiteral(address));
    }

    /** What was asked, in order. */
    public BlockingQueue<ProbeTarget> asked() {
        return asked;
    }

    @Override
    public Outcome probe(ProbeTarget target, long timeoutMs) {
        asked.add(target);
        return dead.contains(target.address())
                ? new Outcome(false, 0, "connection refused")
                : new Outcome(true, DELAY_NS, "");
    }
}
