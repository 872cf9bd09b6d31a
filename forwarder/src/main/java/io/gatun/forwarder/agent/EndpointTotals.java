package io.gatun.forwarder.agent;

import java.util.Arrays;

/** What the ended flows of one service have moved, per endpoint identity. The live ones are added when asked. */
final class EndpointTotals {
    private static final int IDS = 256;

    private final long[] packets = new long[IDS];
    private final long[] bytes = new long[IDS];
    private final long[] flows = new long[IDS];

    void add(int endpointId, long morePackets, long moreBytes, long moreFlows) {
        packets[endpointId] += morePackets;
        bytes[endpointId] += moreBytes;
        flows[endpointId] += moreFlows;
    }

    void forget(int endpointId) {
        packets[endpointId] = 0;
        bytes[endpointId] = 0;
        flows[endpointId] = 0;
    }

    EndpointTotals copy() {
        EndpointTotals copy = new EndpointTotals();
        System.arraycopy(packets, 0, copy.packets, 0, IDS);
        System.arraycopy(bytes, 0, copy.bytes, 0, IDS);
        Arrays.fill(copy.flows, 0);
        return copy;
    }

    long packets(int endpointId) {
        return packets[endpointId];
    }

    long bytes(int endpointId) {
        return bytes[endpointId];
    }

    long flows(int endpointId) {
        return flows[endpointId];
    }
}
