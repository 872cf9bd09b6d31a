package io.gatun.forwarder.control;

import java.util.Locale;

/** How packets get from an interface to the agents and back. */
public enum IoEngine {
    /** The better one for the interface: see the reason in {@link PortSnapshot}. */
    AUTO,
    /** AF_XDP: most packets a second; frames of up to 3,818 bytes of MTU. */
    XDP,
    /** AF_PACKET with the virtio-net header: GSO super-frames pass whole; any MTU. */
    RAW;

    /** Lower case, as the command line and the API write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
