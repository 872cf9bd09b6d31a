/**
 * Connections of this node for its peers, and of theirs for it: docs/adr/0024-connection-sync.md. What is in a record is
 * the forwarder's business ({@link io.gatun.forwarder.control.ConnectionExchange}); here are messages, their signature,
 * sessions, and when what is sent. Owner: the thread of {@link io.gatun.ha.sync.SyncAgent}. Aeron appears in
 * {@link io.gatun.ha.sync.AeronTransport} and nowhere else.
 *
 * <p>The surprising rule: nobody asks where a message comes from. Each link has a random id, and a message names the id
 * of the link by which its receiver would answer.
 */
package io.gatun.ha.sync;
