package io.gatun.ha.vrrp;

import io.gatun.forwarder.control.RejectedException;

/**
 * How a virtual router is configured on this node.
 *
 * @param vrid 1-255, the same on all nodes that share the addresses
 * @param priority 1-255 before preferences and decrements; 255 is for a node that has the addresses itself
 * @param intervalCs between adverts in hundredths of a second, 1-4095
 * @param preempt whether to take over from an owner of lower priority
 * @param preemptDelayNs how long to obey such an owner first
 * @param probeNs how long to wait for an answer to a probe of the addresses before a takeover from silence, at most an
 *     interval; 0 for no probe
 */
public record VrrpSpec(int vrid, int priority, int intervalCs, boolean preempt, long preemptDelayNs, long probeNs) {
    public static final int VRID_MAX = 255;
    public static final int PRIORITY_OWNER = 255;
    public static final int INTERVAL_MAX_CS = 0xfff;

    public VrrpSpec {
        require("vrid", vrid, 1, VRID_MAX);
        require("priority", priority, 1, PRIORITY_OWNER);
        require("intervalCs", intervalCs, 1, INTERVAL_MAX_CS);
        if (preemptDelayNs < 0) {
            throw RejectedException.invalid("preemptDelayNs", preemptDelayNs, "must not be negative");
        }
        if (probeNs < 0) {
            throw RejectedException.invalid("probeNs", probeNs, "must not be negative");
        }
    }

    /**
     * How long a thread may be away before others may have taken over, in nanoseconds: our last advert was at most one
     * interval old then, and they wait for three.
     */
    public static long freezeNs(int intervalCs) {
        return 2L * intervalCs * VrrpTiming.CENTISECOND_NS;
    }

    private static void require(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw RejectedException.invalid(name, value, "must be " + min + "-" + max);
        }
    }
}
