package io.gatun.forwarder.agent;

import io.gatun.forwarder.nat.PortSpace;

/**
 * The source that a one-arm service's packets get.
 *
 * @param address as read big-endian
 * @param ports to go with it
 * @param moves whether the address moves with the VIP, so that connections can survive a takeover
 */
record SnatChoice(int address, PortSpace ports, boolean moves) {}
