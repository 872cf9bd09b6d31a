/**
 * The threads of the data plane and what they say to each other. {@link io.gatun.forwarder.agent.ForwarderAgent}, one
 * per receive queue, moves packets. {@link io.gatun.forwarder.agent.Conductor}, one per process, owns everything that
 * changes slowly: rules, network state, steering, expiry; it publishes immutable snapshots. Callers on other threads
 * speak to the conductor through {@link io.gatun.forwarder.agent.LocalForwarder}. The surprising rule: no locks; what two
 * agents share is immutable, lock-free, or a queue with one reader.
 */
package io.gatun.forwarder.agent;
