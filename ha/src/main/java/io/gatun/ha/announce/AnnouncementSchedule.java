package io.gatun.ha.announce;

/**
 * When a VIP is to be announced: at the points of a burst after the start, then periodically for as long as it is ours.
 *
 * <p>Times are of one monotonic clock with any origin, compared by subtraction.
 */
public final class AnnouncementSchedule {
    private AnnouncementTimes times;
    private boolean running;
    private long startNs;
    private long deadlineNs;
    private int burstIndex;

    /** One that is not started. */
    public AnnouncementSchedule(AnnouncementTimes times) {
        this.times = times;
    }

    /** Begins the burst; from its first point again when it runs already. */
    public void start(long nowNs) {
        running = true;
        startNs = nowNs;
        burstIndex = 0;
        deadlineNs = nowNs;
    }

    /** No announcement is due until the next start. */
    public void stop() {
        running = false;
    }

    /** Other times from now on. What is due stays due; points of the new burst that have passed do not come any more. */
    public void times(AnnouncementTimes wanted, long nowNs) {
        times = wanted;
        if (!running || nowNs - deadlineNs >= 0) {
            return;
        }
        burstIndex = 0;
        while (burstIndex < times.burstSize() && nowNs - (startNs + times.burstNs(burstIndex)) >= 0) {
            burstIndex++;
        }
        deadlineNs = burstIndex < times.burstSize() ? startNs + times.burstNs(burstIndex) : nowNs + times.periodNs();
    }

    /**
     * Whether to announce now; true once per point. Points that passed unseen (a frozen process, a long cycle) count as
     * one: two frames back to back tell no more than one.
     */
    public boolean due(long nowNs) {
        if (!running || nowNs - deadlineNs < 0) {
            return false;
        }
        while (burstIndex < times.burstSize() && nowNs - deadlineNs >= 0) {
            burstIndex++;
            deadlineNs = burstIndex < times.burstSize()
                    ? startNs + times.burstNs(burstIndex)
                    : deadlineNs + times.periodNs();
        }
        if (nowNs - deadlineNs >= 0) {
            deadlineNs += ((nowNs - deadlineNs) / times.periodNs() + 1) * times.periodNs();
        }
        return true;
    }

    /** When the next announcement is due; meaningful while running. */
    public long deadlineNs() {
        return deadlineNs;
    }
}
