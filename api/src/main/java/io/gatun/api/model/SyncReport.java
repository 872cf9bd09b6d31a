package io.gatun.api.model;

import java.util.Map;

/**
 * The exchange of connections with other nodes.
 *
 * @param counters values of {@link io.gatun.forwarder.control.SyncCount} by their names; empty without peers
 */
public record SyncReport(Map<String, Long> counters) {}
