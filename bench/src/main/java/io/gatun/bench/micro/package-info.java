/**
 * JMH benchmarks of what happens to one packet in Java. The surprising rule: a rewritten frame is no longer the frame to
 * measure with, so each batch is written anew first, as a NIC would; that cost is inside the figure and also shown alone.
 */
package io.gatun.bench.micro;
