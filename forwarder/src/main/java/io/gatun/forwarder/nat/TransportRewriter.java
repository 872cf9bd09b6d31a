package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** Rewrites the ports of TCP and UDP, and the checksum that covers the addresses too. Not for several threads. */
final class TransportRewriter {
    private final TransportFlyweight transport = new TransportFlyweight();

    /**
     * Rewrites one packet's. UDP that its sender gave no checksum keeps having none.
     *
     * @param length bytes of transport header and payload
     * @param protocol TCP or UDP
     * @param checksums as for {@link Checksums}
     * @param before partial sum of the old pseudo-header
     * @param after partial sum of the new pseudo-header
     * @param newPorts source in the upper half, destination in the lower
     */
    void rewrite(
            UnsafeBuffer buffer,
            int offset,
            int length,
            int protocol,
            int checksums,
            long before,
            long after,
            int newPorts) {
        transport.wrap(buffer, offset, protocol);
        int field = transport.checksum();
        long ports = InternetChecksum.delta(transport.ports(), newPorts);
        int updated = Checksums.transport(buffer, offset, length, checksums, field, before, after, ports);
        transport.ports(newPorts);
        if (protocol == Ipv4Flyweight.PROTOCOL_UDP) {
            if (field == 0) {
                return;
            }
            updated = updated == 0 ? 0xFFFF : updated;
        }
        transport.checksum(updated);
    }
}
