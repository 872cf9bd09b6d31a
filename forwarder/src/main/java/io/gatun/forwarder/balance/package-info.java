/**
 * Choosing an endpoint from numbers: a policy sees the hash of a flow and which endpoints may be used, never a packet.
 * Called by any forwarder agent, once per new flow.
 */
package io.gatun.forwarder.balance;
