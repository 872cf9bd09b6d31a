package io.gatun.forwarder.bpf;

import java.util.Locale;

/** Where the kernel runs an XDP program. */
public enum XdpMode {
    /** In the driver, before a socket buffer is made. */
    NATIVE(XdpNetlink.FLAG_DRV_MODE),
    /** In the core, for drivers without XDP; slower by a copy. */
    GENERIC(XdpNetlink.FLAG_SKB_MODE);

    final int flag;

    XdpMode(int flag) {
        this.flag = flag;
    }

    /** Lower case, for people. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
