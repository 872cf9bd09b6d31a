package io.gatun.forwarder.pipeline;

/** The endpoints of a service as numbers, in the order of its spec; immutable. */
public final class Endpoints {
    private final int[] addresses;
    private final int[] ports;
    private final int[] ids;

    /**
     * Endpoints in parallel arrays.
     *
     * @param addresses as read big-endian
     * @param ports 1-65535
     * @param ids what flows carry: stable while the endpoint stays, 0-255
     */
    public Endpoints(int[] addresses, int[] ports, int[] ids) {
        this.addresses = addresses.clone();
        this.ports = ports.clone();
        this.ids = ids.clone();
    }

    int address(int index) {
        return addresses[index];
    }

    int port(int index) {
        return ports[index];
    }

    int id(int index) {
        return ids[index];
    }
}
