package io.gatun.forwarder.pipeline;

/**
 * Where packets go whose next hop is the node itself or lies behind an interface that is not served: into our end of the
 * local pair, out of which the host's stack takes them.
 *
 * @param interfaceIndex our end, 0 when there is none
 * @param mac of the host's end
 */
public record LocalDelivery(int interfaceIndex, long mac) {
    /** There is no local pair. */
    public static final LocalDelivery NONE = new LocalDelivery(0, 0);

    public boolean isPresent() {
        return interfaceIndex != 0;
    }
}
