package io.gatun.forwarder.control;

/**
 * How full the connection table is.
 *
 * @param entries in use; a connection has two, but for some of one direction
 * @param entriesMax that there are, of both families
 * @param halfOpen connections that wait for the end of their handshake
 * @param halfOpenMax how many may
 */
public record TableFill(long entries, long entriesMax, int halfOpen, int halfOpenMax) {}
