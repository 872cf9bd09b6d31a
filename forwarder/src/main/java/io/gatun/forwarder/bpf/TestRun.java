package io.gatun.forwarder.bpf;

import org.agrona.DirectBuffer;

/**
 * What a program did with one packet in BPF_PROG_TEST_RUN.
 *
 * @param verdict the program's return value, for XDP see {@link XdpAction}
 * @param packet the packet as the program left it
 */
public record TestRun(int verdict, DirectBuffer packet) {}
