package io.gatun.forwarder.bpf;

/** Verdicts of an XDP program: enum xdp_action of include/uapi/linux/bpf.h; Linux 4.8, REDIRECT 4.14. */
public final class XdpAction {
    public static final int ABORTED = 0;
    public static final int DROP = 1;
    public static final int PASS = 2;
    public static final int TX = 3;
    public static final int REDIRECT = 4;

    private XdpAction() {}
}
