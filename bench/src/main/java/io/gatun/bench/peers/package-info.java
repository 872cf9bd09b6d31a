/**
 * What is measured: each {@link io.gatun.bench.peers.Contender} forwards UDP from a VIP to one endpoint, with both
 * addresses rewritten, on one CPU and one link. It starts on a fresh {@link io.gatun.bench.peers.Testbed} and is gone
 * with it.
 *
 * <p>The surprising rule: veth receives on the transmitter's CPU. A contender that the kernel drives must move its
 * receiving side to the forwarding CPU by a threaded NAPI; one that polls does so by polling. What sends to the sink also
 * receives there, for both alike.
 */
package io.gatun.bench.peers;
