package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.Crc32c;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives a quoted packet other ports. Its checksum follows where it is quoted; it may be partial, because a local stack
 * quotes what it was given.
 */
final class QuotedTransport {
    private static final int TCP_WITH_CHECKSUM = 18;

    private final TransportFlyweight transport = new TransportFlyweight();
    private final SctpFlyweight sctp = new SctpFlyweight();
    private final Crc32c crc = new Crc32c();
    private final Echo echo = new Echo();

    /** Within one address family. */
    void rewrite(UnsafeBuffer buffer, QuotedPacket quote, long newPseudo, int newPorts) {
        if (quote.protocol() == Ipv4Flyweight.PROTOCOL_ICMP) {
            echo.rewrite(buffer, quote.transportOffset(), quote.available(), Checksums.INCREMENTAL, newPorts);
        } else if (quote.protocol() == Ipv4Flyweight.PROTOCOL_ICMPV6) {
            echo.rewrite6(buffer, quote.transportOffset(), quote.pseudoHeader(), newPseudo, newPorts);
        } else {
            withPorts(buffer, quote, newPseudo, newPorts);
        }
    }

    /** From one family to the other. */
    void translate(UnsafeBuffer buffer, QuotedPacket quote, long newPseudo, int newPorts) {
        if (quote.protocol() == Ipv4Flyweight.PROTOCOL_ICMP) {
            echo.toIpv6(buffer, quote.transportOffset(), quote.available(), newPseudo, newPorts);
        } else if (quote.protocol() == Ipv4Flyweight.PROTOCOL_ICMPV6) {
            echo.toIpv4(buffer, quote.transportOffset(), quote.available(), quote.pseudoHeader(), newPorts);
        } else {
            withPorts(buffer, quote, newPseudo, newPorts);
        }
    }

    private void withPorts(UnsafeBuffer buffer, QuotedPacket quote, long newPseudo, int newPorts) {
        int offset = quote.transportOffset();
        int protocol = quote.protocol();
        if (protocol == Ipv4Flyweight.PROTOCOL_SCTP) {
            if (quote.available() >= quote.transportLength() && quote.transportLength() >= SctpFlyweight.LENGTH) {
                crc.ports(sctp, buffer, offset, quote.transportLength(), newPorts);
            } else {
                sctp.wrap(buffer, offset).ports(newPorts);
            }
            return;
        }
        transport.wrap(buffer, offset, protocol);
        boolean udp = protocol == Ipv4Flyweight.PROTOCOL_UDP;
        long delta = InternetChecksum.delta(transport.ports(), newPorts);
        transport.ports(newPorts);
        if (quote.available() < (udp ? TransportFlyweight.UDP_LENGTH : TCP_WITH_CHECKSUM)) {
            return;
        }
        int field = transport.checksum();
        if (udp && field == 0) {
            return;
        }
        long oldPseudo = quote.pseudoHeader();
        int mode = field == InternetChecksum.fold(oldPseudo) ? Checksums.PARTIAL : Checksums.INCREMENTAL;
        int updated = Checksums.transport(buffer, offset, 0, mode, field, oldPseudo, newPseudo, delta);
        transport.checksum(udp && updated == 0 ? 0xFFFF : updated);
    }
}
