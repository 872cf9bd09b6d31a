package io.gatun.ha.vrrp;

import java.util.concurrent.TimeUnit;

/**
 * The state machine of a virtual router (RFC 9568 section 6.4) of one address family: events and the time in, actions
 * out. It has no clock and no socket and allocates nothing. Not thread-safe.
 *
 * <p>Times are of any clock that never goes back, in nanoseconds, and are compared by subtraction.
 */
public final class VrrpInstance {
    private static final int PRIORITY_LEAVING = 0;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    /** Silence that a node waits for which would lose the owner's connections: about that of adverts every 100 ms. */
    private static final long SILENCE_OF_NEWCOMERS_NS = TimeUnit.MILLISECONDS.toNanos(300);

    private final VrrpSpec spec;
    private final VrrpActions actions;
    private final OwnerWatch owner = new OwnerWatch();
    private VrrpState state = VrrpState.INITIALIZE;
    private boolean enabled;
    private boolean linkUp;
    private int priority;
    private long addressHigh;
    private long addressLow;
    private int activeIntervalCs;
    private long deadlineNs;
    /** The deadline is that of the question whether somebody has the addresses, before that of the takeover. */
    private boolean asksFirst;

    /** Of the advert that is obeyed while Backup. */
    private long ownerHigh;

    private long ownerLow;
    private boolean obeysInferior;
    private long obeysSinceNs;
    private Preemption preemption = Preemption.ALLOWED;
    private boolean informed;

    /** It is disabled, its link is down, and its priority is the spec's. */
    public VrrpInstance(VrrpSpec spec, VrrpActions actions) {
        this.spec = spec;
        this.actions = actions;
        this.priority = spec.priority();
        this.activeIntervalCs = spec.intervalCs();
    }

    public VrrpState state() {
        return state;
    }

    public int priority() {
        return priority;
    }

    /** When {@link #onTimer} has something to do; meaningless in {@link VrrpState#INITIALIZE}. */
    public long deadlineNs() {
        return deadlineNs;
    }

    /** The interval that adverts come in: the owner's, which is adopted while Backup. Hundredths of a second. */
    public int activeIntervalCs() {
        return activeIntervalCs;
    }

    /** The source of our adverts, which settles equal priorities. */
    public void address(long high, long low) {
        addressHigh = high;
        addressLow = low;
    }

    /** Starts it, or gives up with an advert that says so. */
    public void enable(boolean wanted, long nowNs) {
        if (!wanted && enabled && state == VrrpState.ACTIVE) {
            actions.advertise(PRIORITY_LEAVING, spec.intervalCs());
        }
        enabled = wanted;
        settle(nowNs);
    }

    /** The interface came up or went down; without it there is nobody to tell. */
    public void onLink(boolean up, long nowNs) {
        linkUp = up;
        settle(nowNs);
    }

    private void settle(long nowNs) {
        boolean runs = enabled && linkUp;
        if (runs && state == VrrpState.INITIALIZE) {
            start(nowNs);
        } else if (!runs && state != VrrpState.INITIALIZE) {
            boolean wasActive = state == VrrpState.ACTIVE;
            state = VrrpState.INITIALIZE;
            if (wasActive) {
                actions.onSilent();
            }
        }
    }

    private void start(long nowNs) {
        owner.started();
        activeIntervalCs = spec.intervalCs();
        if (priority == VrrpSpec.PRIORITY_OWNER) {
            becomeActive(nowNs);
        } else {
            becomeBackup(silenceNs(), nowNs);
        }
    }

    /**
     * Own priority from now on, such as a preference or a decrement makes it. An owner says so at once.
     *
     * @param now 1-255
     */
    public void priority(int now, long nowNs) {
        if (now == priority) {
            return;
        }
        priority = now;
        if (state == VrrpState.ACTIVE) {
            advertise(nowNs);
        }
    }

    /**
     * Whether it may take over from an inferior owner from now on; {@link Preemption#ALLOWED} at first. Until it is told
     * so once, a node that is held back is a newcomer and believes in silence later.
     */
    public void preemption(Preemption now) {
        preemption = now;
        informed |= now == Preemption.ALLOWED;
    }

    private boolean isNewcomer() {
        return preemption != Preemption.ALLOWED && !informed;
    }

    /** The time is this. Does what is due. */
    public void onTimer(long nowNs) {
        if (state == VrrpState.INITIALIZE || nowNs - deadlineNs < 0) {
            return;
        }
        if (state == VrrpState.ACTIVE) {
            advertise(nowNs);
        } else if (asksFirst && probeNs() > 0) {
            asksFirst = false;
            ask(nowNs);
        } else {
            becomeActive(nowNs);
        }
    }

    private void ask(long nowNs) {
        if (owner.wantsProbe()) {
            owner.probed();
            deadlineNs = nowNs + probeNs();
            actions.probe();
        } else {
            deadlineNs += probeNs();
        }
    }

    /** Silence after which the addresses are asked for, so early that they are taken over when that is due. */
    private long silenceNs() {
        long downNs = VrrpTiming.activeDownNs(priority, activeIntervalCs);
        return (isNewcomer() ? Math.max(downNs, SILENCE_OF_NEWCOMERS_NS) : downNs) - probeNs();
    }

    /** How long an answer to a probe is waited for. */
    private long probeNs() {
        return Math.min(spec.probeNs(), spec.intervalCs() * VrrpTiming.CENTISECOND_NS);
    }

    /** Another node answers for one of the addresses, so it has them although it is not heard. */
    public void onProbeAnswer(long nowNs) {
        if (state == VrrpState.BACKUP && owner.answered()) {
            deadlineNs = nowNs + silenceNs();
            asksFirst = true;
        }
    }

    /** Answers to probes in a row that hold a takeover back now. */
    public int heldBack() {
        return owner.heldBack();
    }

    /** How this node would take the addresses over at this time, and when it does how it does. */
    public Takeover takeover(long nowNs) {
        return owner.takeover(nowNs);
    }

    /**
     * A valid advert of another node.
     *
     * @param otherPriority 0 when its sender leaves
     * @param intervalCs the sender's advert interval, 1-4095
     * @param sourceHigh of the sender's address, as {@code io.gatun.ha.wire.IpAddress} has it
     */
    public void onAdvert(int otherPriority, int intervalCs, long sourceHigh, long sourceLow, long nowNs) {
        if (state == VrrpState.ACTIVE) {
            onAdvertWhileActive(otherPriority, intervalCs, sourceHigh, sourceLow, nowNs);
        } else if (state == VrrpState.BACKUP) {
            onAdvertWhileBackup(otherPriority, intervalCs, sourceHigh, sourceLow, nowNs);
        }
    }

    private void onAdvertWhileActive(int otherPriority, int intervalCs, long high, long low, long nowNs) {
        if (otherPriority == PRIORITY_LEAVING) {
            advertise(nowNs);
        } else if (otherPriority > priority || (otherPriority == priority && isGreaterThanOurs(high, low))) {
            obey(intervalCs, high, low, nowNs);
            becomeBackup(silenceNs(), nowNs);
            actions.onSilent();
        } else {
            advertise(nowNs);
            actions.onRival();
        }
    }

    private void onAdvertWhileBackup(int otherPriority, int intervalCs, long high, long low, long nowNs) {
        owner.heard(nowNs);
        if (otherPriority == PRIORITY_LEAVING) {
            owner.left();
            asksFirst = false;
            deadlineNs = nowNs + VrrpTiming.skewNs(priority, activeIntervalCs);
        } else if (otherPriority >= priority) {
            obeysInferior = false;
            obey(intervalCs, high, low, nowNs);
        } else if (!spec.preempt() || isHeldBack(nowNs)) {
            obey(intervalCs, high, low, nowNs);
        }
    }

    /** Delays begin with the first inferior advert of a row. */
    private boolean isHeldBack(long nowNs) {
        if (!obeysInferior) {
            obeysInferior = true;
            obeysSinceNs = nowNs;
        }
        long obeyedNs = nowNs - obeysSinceNs;
        return obeyedNs < spec.preemptDelayNs()
                || switch (preemption) {
                    case ALLOWED -> false;
                    case AFTER_PATIENCE -> obeyedNs < PATIENCE_NS;
                    case HELD_BACK -> true;
                };
    }

    private void obey(int intervalCs, long high, long low, long nowNs) {
        adopt(intervalCs);
        ownerHigh = high;
        ownerLow = low;
        owner.obeyed(nowNs);
        deadlineNs = nowNs + silenceNs();
        asksFirst = true;
    }

    private void adopt(int intervalCs) {
        activeIntervalCs = intervalCs;
    }

    private boolean isGreaterThanOurs(long high, long low) {
        int order = Long.compareUnsigned(high, addressHigh);
        return order > 0 || (order == 0 && Long.compareUnsigned(low, addressLow) > 0);
    }

    /**
     * The one who calls this was away for longer than two intervals, and what happened meanwhile is not known. An owner
     * whose last advert is three intervals old, for which the others wait, falls silent and takes over again if it hears
     * of no better one within an interval; a backup listens that long.
     *
     * @return whether it listens; else nothing can have happened
     */
    public boolean onFreeze(long nowNs) {
        long listenNs = activeIntervalCs * VrrpTiming.CENTISECOND_NS;
        if (state == VrrpState.ACTIVE) {
            long intervalNs = spec.intervalCs() * VrrpTiming.CENTISECOND_NS;
            long advertisedNs = deadlineNs - intervalNs;
            if (nowNs - advertisedNs < VrrpTiming.ADVERTS_MISSED * intervalNs) {
                return false;
            }
            owner.frozen(advertisedNs);
            becomeBackup(listenNs, nowNs);
            actions.onSilent();
        } else if (state == VrrpState.BACKUP) {
            long listenedNs = isNewcomer() ? silenceNs() : listenNs;
            if (deadlineNs - nowNs < listenedNs) {
                deadlineNs = nowNs + listenedNs;
            }
        }
        return state == VrrpState.BACKUP;
    }

    /**
     * Another detector has found that this node is dead. A backup whose owner it is waits no longer than for one that
     * leaves; the skew still parts several backups.
     */
    public void onNodeLost(long high, long low, long nowNs) {
        if (state != VrrpState.BACKUP || high != ownerHigh || low != ownerLow) {
            return;
        }
        owner.lost();
        long soonestNs = nowNs + Math.max(0, VrrpTiming.skewNs(priority, activeIntervalCs) - probeNs());
        if (soonestNs - deadlineNs < 0) {
            deadlineNs = soonestNs;
            asksFirst = true;
        }
    }

    private void becomeBackup(long downNs, long nowNs) {
        state = VrrpState.BACKUP;
        obeysInferior = false;
        deadlineNs = nowNs + downNs;
        asksFirst = true;
    }

    private void becomeActive(long nowNs) {
        state = VrrpState.ACTIVE;
        activeIntervalCs = spec.intervalCs();
        advertise(nowNs);
        actions.onActive();
    }

    private void advertise(long nowNs) {
        actions.advertise(priority, spec.intervalCs());
        deadlineNs = nowNs + spec.intervalCs() * VrrpTiming.CENTISECOND_NS;
    }
}
