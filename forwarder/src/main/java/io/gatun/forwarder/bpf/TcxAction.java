package io.gatun.forwarder.bpf;

/** Verdicts of a tcx program: enum tcx_action_base of include/uapi/linux/bpf.h; Linux 6.6. */
public final class TcxAction {
    /** On to the next program of the hook, and to the host behind the last one. */
    public static final int NEXT = -1;

    public static final int PASS = 0;
    /** TC_ACT_SHOT. */
    public static final int DROP = 2;

    private TcxAction() {}
}
