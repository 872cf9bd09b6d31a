package io.gatun.forwarder.bpf;

/** Kinds of program that Gatun loads: enum bpf_prog_type of include/uapi/linux/bpf.h. */
public enum ProgramType {
    /** The filter of a socket; Linux 3.19, with a descriptor of a packet socket 4.5. */
    SOCKET_FILTER(1),
    /** tc and tcx; Linux 4.1. */
    SCHED_CLS(3),
    /** Linux 4.8. */
    XDP(6);

    final int number;

    ProgramType(int number) {
        this.number = number;
    }
}
