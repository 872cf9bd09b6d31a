package io.gatun.ha.vrrp;

import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.LinkFlags;
import io.gatun.ha.wire.WireIdleStrategy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the virtual routers going: links, adverts of others, timers; and notices when it was away. */
final class VrrpAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(VrrpAgent.class);
    private static final long MILLISECOND_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SLEEP_MAX_MS = 10;
    /** What each served interface that is down besides ours takes of the priority. */
    private static final int LINK_DECREMENT = 50;

    /** What a witness that is lost takes of it. */
    private static final int WITNESS_DECREMENT = 30;

    private final List<VrrpRouter> routers;
    private final LinkFlags link;
    private final List<LinkFlags> tracked;
    private final NanoClock clock;
    private final WireIdleStrategy idle;
    private final ManyToOneConcurrentArrayQueue<VrrpCommand> commands;
    private final long freezeNs;
    private final int sleepMaxMs;
    private int configured;
    private int preference;
    private int decrement;
    private boolean takesPart = true;
    private boolean well = true;
    private boolean witnessLost;
    private long lastNs;
    private boolean ran;

    /**
     * @param link of the routers' interface
     * @param tracked of the other served interfaces
     */
    VrrpAgent(
            VrrpSpec spec,
            List<VrrpRouter> routers,
            LinkFlags link,
            List<LinkFlags> tracked,
            NanoClock clock,
            WireIdleStrategy idle,
            ManyToOneConcurrentArrayQueue<VrrpCommand> commands) {
        this.configured = spec.priority();
        this.routers = routers;
        this.link = link;
        this.tracked = tracked;
        this.clock = clock;
        this.idle = idle;
        this.commands = commands;
        long intervalNs = spec.intervalCs() * VrrpTiming.CENTISECOND_NS;
        freezeNs = VrrpSpec.freezeNs(spec.intervalCs());
        sleepMaxMs = (int) Math.min(SLEEP_MAX_MS, intervalNs / 2 / MILLISECOND_NS);
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        noticeFreeze(nowNs);
        int count = obeyCommands(nowNs) + checkLinks(nowNs);
        for (int i = 0; i < routers.size(); i++) {
            count += routers.get(i).receive(nowNs);
        }
        checkDecrement(nowNs);
        for (int i = 0; i < routers.size(); i++) {
            routers.get(i).onTimer(nowNs);
        }
        idle.sleepAtMost(sleepMs(nowNs));
        return count;
    }

    private void noticeFreeze(long nowNs) {
        if (ran && nowNs - lastNs > freezeNs) {
            boolean listens = false;
            for (int i = 0; i < routers.size(); i++) {
                listens |= routers.get(i).onFreeze(nowNs);
            }
            if (listens) {
                LOG.warn(
                        "VRRP was away for {} ms, longer than two intervals: others may have taken over, listening first",
                        (nowNs - lastNs) / MILLISECOND_NS);
            }
        }
        ran = true;
        lastNs = nowNs;
    }

    private int obeyCommands(long nowNs) {
        int count = 0;
        for (VrrpCommand command = commands.poll(); command != null; command = commands.poll()) {
            command.run(this, nowNs);
            count++;
        }
        return count;
    }

    private int checkLinks(long nowNs) {
        boolean up = link.isUp();
        boolean changed = false;
        for (int i = 0; i < routers.size(); i++) {
            changed |= routers.get(i).onLink(up, nowNs);
        }
        if (changed) {
            idle.waitFor(routers.stream()
                    .flatMap(router -> router.pollables().stream())
                    .toList());
        }
        return changed ? 1 : 0;
    }

    private void checkDecrement(long nowNs) {
        int now = 0;
        for (int i = 0; i < tracked.size(); i++) {
            now += tracked.get(i).isUp() ? 0 : LINK_DECREMENT;
        }
        boolean lost = false;
        for (int i = 0; i < routers.size(); i++) {
            lost |= routers.get(i).checkWitness(nowNs);
        }
        if (lost != witnessLost) {
            witnessLost = lost;
            LOG.warn("the witness {}", lost ? "does not answer any more: the priority is lowered" : "answers again");
        }
        now += lost ? WITNESS_DECREMENT : 0;
        if (now != decrement) {
            decrement = now;
            onPriority(nowNs);
        }
    }

    private void onPriority(long nowNs) {
        int priority = Math.clamp(configured + preference - decrement, 1, VrrpSpec.PRIORITY_OWNER - 1);
        for (int i = 0; i < routers.size(); i++) {
            routers.get(i).priority(priority, nowNs);
        }
    }

    /** Until the next timer, rounded up so that it is due then. */
    private int sleepMs(long nowNs) {
        long sleepMs = sleepMaxMs;
        for (int i = 0; i < routers.size(); i++) {
            VrrpInstance instance = routers.get(i).instance();
            if (instance.state() != VrrpState.INITIALIZE) {
                sleepMs = Math.min(sleepMs, (instance.deadlineNs() - nowNs + MILLISECOND_NS - 1) / MILLISECOND_NS);
            }
        }
        return (int) Math.max(0, sleepMs);
    }

    void onConfigured(int priority, long nowNs) {
        configured = priority;
        onPriority(nowNs);
    }

    void onPreference(int points, boolean wanted, long nowNs) {
        preference = points;
        onPriority(nowNs);
        takesPart = wanted;
        onPart(nowNs);
    }

    /** Whether the node forwards as it should. */
    void onHealth(boolean now, long nowNs) {
        well = now;
        onPart(nowNs);
    }

    private void onPart(long nowNs) {
        for (int i = 0; i < routers.size(); i++) {
            routers.get(i).want(takesPart && well, nowNs);
        }
    }

    void onWitnesses(List<IpAddress> ofRouters, long nowNs) {
        for (int i = 0; i < routers.size(); i++) {
            routers.get(i).witness(ofRouters.get(i), nowNs);
        }
    }

    void onPreemption(Preemption preemption) {
        for (int i = 0; i < routers.size(); i++) {
            routers.get(i).instance().preemption(preemption);
        }
    }

    void onNodeLost(IpAddress node, long nowNs) {
        for (int i = 0; i < routers.size(); i++) {
            routers.get(i).onNodeLost(node, nowNs);
        }
    }

    void onVips(List<AddressList> ofRouters, long nowNs) {
        for (int i = 0; i < routers.size(); i++) {
            routers.get(i).vips(ofRouters.get(i), nowNs);
        }
    }

    @Override
    public void onClose() {
        long nowNs = clock.nanoTime();
        for (VrrpRouter router : routers) {
            router.leave(nowNs);
        }
        CloseHelper.quietCloseAll(tracked);
        link.close();
    }

    @Override
    public String roleName() {
        return "gatun-vrrp";
    }
}
