/**
 * BPF objects from Java: a spec (record) is loaded into an owned object that holds one descriptor. {@link
 * io.gatun.forwarder.bpf.Steering} is the one program that Gatun ships, for either of two hooks, and the maps that it
 * reads. All of it belongs to the control thread; the kernel makes each map update atomic for the running program.
 *
 * <p>The surprising rule: closing these objects does not stop the program. The interface holds the program and the
 * program holds its maps, so both outlive the process, until the next start replaces them or {@link
 * io.gatun.forwarder.bpf.Steering#detach} removes them.
 */
package io.gatun.forwarder.bpf;
