package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.nexthop.NextHopTable;

/**
 * Everything the packet path reads but does not own, as of one moment; a batch sees one of them from end to end.
 *
 * @param services rules
 * @param nextHops routes and neighbours
 */
public record ForwardingTables(ServiceTable services, NextHopTable nextHops) {}
