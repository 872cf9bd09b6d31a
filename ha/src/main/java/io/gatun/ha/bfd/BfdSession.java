package io.gatun.ha.bfd;

import java.util.random.RandomGenerator;

/**
 * One end of a session in asynchronous mode (RFC 5880 section 6.8), as a pure machine: packets and the time in, {@link
 * BfdActions} out. It has no clock, does no IO and allocates nothing. Times are nanoseconds of one monotonic clock, and
 * may wrap around. One thread.
 *
 * <p>Intervals that grow while Up must not be kept to before the peer knows of them: what is told to the peer and what
 * is in force are therefore two things until a poll has been answered (section 6.8.3).
 */
final class BfdSession {
    /** The least transmit interval while not Up (section 6.8.3). */
    static final long SLOW_US = 1_000_000;

    private static final long NS_PER_US = 1_000;
    /** Of a peer from which nothing was heard (section 6.8.1): it takes any rate. */
    private static final long UNKNOWN_MIN_RX_US = 1;

    private final int localDiscriminator;
    private final RandomGenerator random;
    private final BfdActions actions;

    private BfdTimers timers;
    private BfdState state = BfdState.ADMIN_DOWN;
    private BfdDiagnostic diagnostic = BfdDiagnostic.NONE;
    private boolean speaking;

    private BfdState remoteState = BfdState.DOWN;
    private int remoteDiscriminator;
    private long remoteMinRxUs = UNKNOWN_MIN_RX_US;
    private long remoteMinTxUs;
    private int remoteMultiplier;
    private boolean remoteDemand;

    private long minTxInForceUs;
    private long minRxInForceUs;
    private boolean polling;
    private boolean pollAgain;

    private long intervalNs;
    private long sentNs;
    private long nextTransmitNs;
    private boolean hearing;
    private long heardNs;
    private long detectionNs;

    /**
     * In AdminDown, and silent until {@link #start}.
     *
     * @param localDiscriminator not 0, and of no other session of this node
     * @param random the source of jitter
     */
    BfdSession(int localDiscriminator, BfdTimers timers, RandomGenerator random, BfdActions actions) {
        if (localDiscriminator == 0) {
            throw new IllegalArgumentException("localDiscriminator=0, give another number");
        }
        this.localDiscriminator = localDiscriminator;
        this.timers = timers;
        this.random = random;
        this.actions = actions;
        this.minRxInForceUs = timers.requiredMinRxUs();
        this.minTxInForceUs = toldMinTxUs();
        this.intervalNs = minTxInForceUs * NS_PER_US;
    }

    /** AdminDown to Down: looks for the peer from now on. */
    void start(long nowNs) {
        if (state == BfdState.ADMIN_DOWN) {
            speaking = true;
            change(BfdState.DOWN, BfdDiagnostic.NONE, nowNs);
        }
    }

    /** To AdminDown, which the peer is told now and then once a second. */
    void stop(long nowNs) {
        if (state != BfdState.ADMIN_DOWN) {
            change(BfdState.ADMIN_DOWN, BfdDiagnostic.ADMINISTRATIVELY_DOWN, nowNs);
        }
    }

    int multiplier() {
        return timers.multiplier();
    }

    /** Other intervals from now on, agreed with the peer by a poll; the multiplier needs none (section 6.8.12). */
    void timers(BfdTimers wanted, long nowNs) {
        timers = wanted;
        adoptTimers(nowNs);
    }

    /**
     * A packet of the peer.
     *
     * @param packet valid, and for this session; not kept
     */
    void onPacket(BfdFlyweight packet, long nowNs) {
        remoteDiscriminator = packet.myDiscriminator();
        remoteState = packet.state();
        remoteDemand = packet.demand();
        remoteMinRxUs = packet.requiredMinRxUs();
        remoteMinTxUs = packet.desiredMinTxUs();
        remoteMultiplier = packet.multiplier();
        hearing = true;
        heardNs = nowNs;
        if (packet.isFinal()) {
            onPollAnswered();
        }
        recompute(nowNs);
        if (state == BfdState.ADMIN_DOWN) {
            return;
        }
        BfdState next = next();
        if (next != state) {
            boolean down = next == BfdState.DOWN;
            change(next, down ? BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN : BfdDiagnostic.NONE, nowNs);
        }
        if (packet.poll()) {
            actions.transmit(this, /* isFinal= */ true);
        }
    }

    /** Does what is due: call it at {@link #deadlineNs}, or whenever. Packets received before go first. */
    void onTimer(long nowNs) {
        if (hearing && nowNs - (heardNs + detectionNs) >= 0) {
            onSilence(nowNs);
        }
        if (transmitsPeriodically() && nowNs - nextTransmitNs >= 0) {
            transmit(nowNs);
        }
    }

    /** When {@link #onTimer} has something to do, unless a packet changes it; the distant future when never. */
    long deadlineNs(long nowNs) {
        long deadlineNs = nowNs + Long.MAX_VALUE / 2;
        if (transmitsPeriodically()) {
            deadlineNs = nextTransmitNs;
        }
        if (hearing && heardNs + detectionNs - deadlineNs < 0) {
            deadlineNs = heardNs + detectionNs;
        }
        return deadlineNs;
    }

    /** Writes the packet that tells the peer the present state; one that answers a poll asks none. */
    void encode(BfdFlyweight packet, boolean isFinal) {
        packet.fillConstants()
                .diagnostic(diagnostic)
                .stateAndFlags(state, polling && !isFinal, isFinal)
                .multiplier(timers.multiplier())
                .myDiscriminator(localDiscriminator)
                .yourDiscriminator(remoteDiscriminator)
                .desiredMinTxUs(toldMinTxUs())
                .requiredMinRxUs(timers.requiredMinRxUs());
    }

    int localDiscriminator() {
        return localDiscriminator;
    }

    /** 0 when nothing was heard for the detection time. */
    int remoteDiscriminator() {
        return remoteDiscriminator;
    }

    BfdState state() {
        return state;
    }

    BfdState remoteState() {
        return remoteState;
    }

    BfdDiagnostic diagnostic() {
        return diagnostic;
    }

    /** How long the peer may be silent; 0 when it was never heard. */
    long detectionNs() {
        return detectionNs;
    }

    /** When the peer was heard last; meaningless when it never was. */
    long heardNs() {
        return heardNs;
    }

    /** The transmit interval in force, before jitter. */
    long intervalNs() {
        return intervalNs;
    }

    boolean polling() {
        return polling;
    }

    /** Section 6.8.6: a peer that says Up moves nobody who is Down, it has yet to learn that we are. */
    private BfdState next() {
        if (remoteState == BfdState.ADMIN_DOWN) {
            return BfdState.DOWN;
        }
        return switch (state) {
            case ADMIN_DOWN -> BfdState.ADMIN_DOWN;
            case DOWN ->
                switch (remoteState) {
                    case DOWN -> BfdState.INIT;
                    case INIT -> BfdState.UP;
                    default -> BfdState.DOWN;
                };
            case INIT -> remoteState == BfdState.DOWN ? BfdState.INIT : BfdState.UP;
            case UP -> remoteState == BfdState.DOWN ? BfdState.DOWN : BfdState.UP;
        };
    }

    private void onSilence(long nowNs) {
        hearing = false;
        remoteDiscriminator = 0;
        remoteState = BfdState.DOWN;
        remoteMinRxUs = UNKNOWN_MIN_RX_US;
        remoteDemand = false;
        polling = false;
        pollAgain = false;
        if (state == BfdState.INIT || state == BfdState.UP) {
            change(BfdState.DOWN, BfdDiagnostic.DETECTION_TIME_EXPIRED, nowNs);
        } else {
            recompute(nowNs);
        }
    }

    private void change(BfdState next, BfdDiagnostic reason, long nowNs) {
        BfdState from = state;
        state = next;
        diagnostic = reason;
        if (from == BfdState.UP || next == BfdState.UP) {
            adoptTimers(nowNs);
        }
        transmit(nowNs);
        actions.onState(this, from, nowNs);
    }

    private void adoptTimers(long nowNs) {
        boolean atOnce = state != BfdState.UP;
        if (atOnce || toldMinTxUs() <= minTxInForceUs) {
            minTxInForceUs = toldMinTxUs();
        }
        if (atOnce || timers.requiredMinRxUs() >= minRxInForceUs) {
            minRxInForceUs = timers.requiredMinRxUs();
        }
        if (remoteDiscriminator != 0) {
            pollAgain = polling;
            polling = true;
        }
        recompute(nowNs);
    }

    /** The answer is to what was told before the poll began: what changed since needs another one. */
    private void onPollAnswered() {
        if (pollAgain) {
            pollAgain = false;
        } else if (polling) {
            polling = false;
            minTxInForceUs = toldMinTxUs();
            minRxInForceUs = timers.requiredMinRxUs();
        }
    }

    /** Sections 6.8.2 and 6.8.4. An interval that did not change keeps its jitter. */
    private void recompute(long nowNs) {
        if (hearing) {
            detectionNs = remoteMultiplier * Math.max(minRxInForceUs, remoteMinTxUs) * NS_PER_US;
        }
        long wantedNs = Math.max(minTxInForceUs, remoteMinRxUs) * NS_PER_US;
        if (wantedNs != intervalNs) {
            intervalNs = wantedNs;
            nextTransmitNs = (speaking ? sentNs : nowNs) + jittered();
        }
    }

    /** What the peer is told to expect. */
    private long toldMinTxUs() {
        return state == BfdState.UP ? timers.desiredMinTxUs() : Math.max(timers.desiredMinTxUs(), SLOW_US);
    }

    /** Section 6.8.7. In demand mode the peer hears us only while we poll. */
    private boolean transmitsPeriodically() {
        boolean demanded = remoteDemand && state == BfdState.UP && remoteState == BfdState.UP && !polling;
        return speaking && remoteMinRxUs != 0 && !demanded;
    }

    private void transmit(long nowNs) {
        sentNs = nowNs;
        nextTransmitNs = nowNs + jittered();
        actions.transmit(this, /* isFinal= */ false);
    }

    /** 75-100 % of the interval; with multiplier 1 at most 90 %, or the peer would time out on the last microsecond. */
    private long jittered() {
        long percent = timers.multiplier() == 1 ? 15 : 25;
        return intervalNs * 3 / 4 + random.nextLong(intervalNs * percent / 100 + 1);
    }
}
