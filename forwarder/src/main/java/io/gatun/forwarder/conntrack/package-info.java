/**
 * Who talks to whom, until when: the connection table, shared by all agents without locks and kept in a file of the run
 * directory, so that it survives the process.
 *
 * <p>Owners: any agent finds, inserts, removes and counts; the conductor alone sweeps, removes by predicate and closes.
 * Chronicle Map appears in {@link io.gatun.forwarder.conntrack.ConnectionRegions} and nowhere else.
 *
 * <p>The surprising rule: a slot id is good for one duty cycle. A removed slot rests for
 * {@link io.gatun.forwarder.conntrack.FlowTable#GRACE_TICKS} before it is used again, so nobody has to announce that it
 * is reading.
 */
package io.gatun.forwarder.conntrack;
