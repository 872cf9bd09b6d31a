/**
 * Frames in and frames out. Both ends are XDP programs on one link: the generator is run by the kernel itself
 * (BPF_PROG_TEST_RUN with live frames), the sink counts what comes back and drops it. No user-space copy is in the way,
 * so that one core offers more than any contender forwards.
 *
 * <p>The surprising rule: frames carry their flow in the payload, for the source port does not survive NAT.
 */
package io.gatun.bench.traffic;
