/**
 * AF_XDP: UMEM, the four rings, the socket, and the port that the pipeline sees. Owner thread: the forwarder agent of
 * the queue. The surprising rule: the kernel and we share the rings without locks; a producer publishes its index with
 * release, a consumer reads it with acquire, and indices are free-running unsigned 32-bit numbers.
 */
package io.gatun.forwarder.xsk;
