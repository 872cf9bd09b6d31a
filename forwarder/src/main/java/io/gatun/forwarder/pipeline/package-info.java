/**
 * One pass over a batch of frames: parse, look up, track, choose, rewrite. Owner thread: the forwarder agent of the
 * queue; what is shared with others is the connection table, which is lock-free, and immutable snapshots of services and
 * next hops. The surprising rule: nothing here allocates or throws per packet; a packet that cannot be forwarded gets a
 * {@link io.gatun.forwarder.counters.DropReason}.
 */
package io.gatun.forwarder.pipeline;
