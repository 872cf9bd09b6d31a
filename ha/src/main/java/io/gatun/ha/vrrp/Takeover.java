package io.gatun.ha.vrrp;

/**
 * How a node came to own the addresses.
 *
 * @param silenceNs since the last sign of an owner, 0 when there was none
 * @param heldBack how often an answer to a probe held it back
 * @param atNs when, by the clock of VRRP ({@link System#nanoTime})
 */
public record Takeover(Detection detection, long silenceNs, int heldBack, long atNs) {}
