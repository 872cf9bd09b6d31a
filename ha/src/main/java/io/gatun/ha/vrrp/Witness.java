package io.gatun.ha.vrrp;

import io.gatun.ha.wire.IpAddress;
import java.util.concurrent.TimeUnit;

/**
 * Whether a neighbour that should always be there, the gateway say, answers. Pure: answers and the time in, questions and
 * a verdict out.
 */
final class Witness {
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(1);
    /** Questions in a row that change the verdict. */
    private static final int IN_A_ROW = 3;

    private IpAddress address;
    private boolean asked;
    private boolean answered;
    private boolean known;
    private boolean lost;
    private int against;
    private long nextNs;

    /** Whom to ask from now on; null for nobody. */
    void address(IpAddress now, long nowNs) {
        if (now == null ? address == null : now.equals(address)) {
            return;
        }
        address = now;
        known = false;
        lost = false;
        against = 0;
        asked = false;
        nextNs = nowNs;
    }

    IpAddress address() {
        return address;
    }

    /** There is no link to ask through; nothing follows from that. */
    void unreachable(long nowNs) {
        asked = false;
        nextNs = nowNs;
    }

    /** Whether to ask now. */
    boolean due(long nowNs) {
        if (address == null || nowNs - nextNs < 0) {
            return false;
        }
        if (asked) {
            judge();
        }
        asked = true;
        answered = false;
        nextNs = nowNs + EVERY_NS;
        return true;
    }

    private void judge() {
        known |= answered;
        boolean speaksAgainst = known && answered == lost;
        against = speaksAgainst ? against + 1 : 0;
        if (against == IN_A_ROW) {
            lost = !lost;
            against = 0;
        }
    }

    void onAnswer() {
        answered = true;
    }

    /** It answered once and does not any more. */
    boolean lost() {
        return lost;
    }
}
