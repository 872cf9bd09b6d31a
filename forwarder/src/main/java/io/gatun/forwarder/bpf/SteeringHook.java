package io.gatun.forwarder.bpf;

/** Where the steering program sits on an interface's way in. */
public enum SteeringHook {
    /** Before the host's stack: ours is redirected to an AF_XDP socket. */
    XDP("gatun_steer", ProgramType.XDP),
    /** Behind the AF_PACKET taps: ours, which a tap has seen, is dropped. Linux 6.6. */
    TCX("gatun_steer_tc", ProgramType.SCHED_CLS);

    final String programName;
    final ProgramType type;

    SteeringHook(String programName, ProgramType type) {
        this.programName = programName;
        this.type = type;
    }
}
