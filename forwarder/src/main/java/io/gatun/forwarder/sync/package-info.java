/**
 * Connections on their way to and from other nodes: {@link io.gatun.forwarder.sync.RecordReader} makes records of the
 * table, {@link io.gatun.forwarder.sync.RecordWriter} puts those of others into it. Owner: one thread of module
 * {@code ha}, which is neither an agent nor the conductor. May import the table, what the packet path publishes, and
 * the exported face.
 *
 * <p>The surprising rule: a record has one direction only. The other is its rewrite turned round, because that is how
 * {@code pipeline.FlowOpener} makes it.
 */
package io.gatun.forwarder.sync;
