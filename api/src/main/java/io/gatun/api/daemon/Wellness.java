package io.gatun.api.daemon;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this node is well, from what stands still; changes are logged and recorded. One thread looks. */
final class Wellness {
    private static final Logger LOG = LoggerFactory.getLogger(Wellness.class);
    private static final int WELL_LIMITS = 5;
    private static final long WELL_MIN_NS = TimeUnit.SECONDS.toNanos(5);

    private final long limitNs;
    private volatile Optional<String> ill = Optional.empty();
    private long illNs;

    /** @param limitNs how long something may stand still */
    Wellness(long limitNs) {
        this.limitNs = limitNs;
    }

    /** What made this node ill, until it is well again; asked by any thread. */
    Optional<String> ill() {
        return ill;
    }

    /**
     * Takes what stands still now.
     *
     * @return whether the node is well from now on, or nothing when that is as it was
     */
    Optional<Boolean> look(Optional<String> stalled, long nowNs) {
        boolean well = ill.isEmpty();
        if (stalled.isPresent()) {
            illNs = nowNs;
        }
        if (stalled.isPresent() && well) {
            ill = stalled;
            LOG.error(
                    "{} has stood still for more than {} ms: this node gives the VIPs up",
                    stalled.get(),
                    TimeUnit.NANOSECONDS.toMillis(limitNs));
            StallEvent.commit(stalled.get(), true);
            return Optional.of(false);
        }
        if (!well && nowNs - illNs > Math.max(WELL_MIN_NS, WELL_LIMITS * limitNs)) {
            ill = Optional.empty();
            LOG.info("all agents and rings move again: this node takes part again");
            StallEvent.commit("", false);
            return Optional.of(true);
        }
        return Optional.empty();
    }
}
