package io.gatun.bench.failover;

/**
 * One takeover.
 *
 * @param gapMs from its end until somebody was answered who asked after it, infinite when nobody was
 * @param lostConnections of TCP that were reset, moved or never answered again
 * @param lostFlows of UDP likewise
 */
record FailoverSample(double gapMs, int lostConnections, int lostFlows) {}
