package io.gatun.forwarder.control;

/**
 * What a data plane has done since its start, of all agents together.
 *
 * @param transmitted packets sent
 * @param withoutConnection packets dropped because they belong to a connection that is not in the table
 * @param connections in the table now
 */
public record Activity(long transmitted, long withoutConnection, long connections) {}
