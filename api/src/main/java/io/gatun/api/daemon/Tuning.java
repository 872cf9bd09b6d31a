package io.gatun.api.daemon;

import io.gatun.api.log.LogLevel;
import io.gatun.ha.health.ProbePace;

/**
 * Settings that can change while running, besides those of VRRP.
 *
 * @param logLevel what is logged
 * @param probes how endpoints are probed of which the client says nothing else
 */
public record Tuning(LogLevel logLevel, ProbePace probes) {
    static final Tuning DEFAULT = new Tuning(LogLevel.INFO, ProbePace.USUAL);
}
