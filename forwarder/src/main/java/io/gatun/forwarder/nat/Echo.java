package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;
import io.gatun.forwarder.packet.InternetChecksum;
import org.agrona.concurrent.UnsafeBuffer;

/** Gives an ICMP or ICMPv6 echo another identifier, and for NAT64 another type; other messages keep theirs. */
final class Echo {
    private final IcmpFlyweight icmp = new IcmpFlyweight();

    void rewrite(UnsafeBuffer buffer, int offset, int length, int checksums, int newPorts) {
        icmp.wrap(buffer, offset);
        int type = icmp.type();
        if (IcmpFlyweight.isEcho(type)) {
            change(buffer, offset, length, checksums, type, newPorts);
        }
    }

    /** The pseudo-headers are partial sums, 0 for ICMP. */
    void rewrite6(UnsafeBuffer buffer, int offset, long oldPseudo, long newPseudo, int newPorts) {
        icmp.wrap(buffer, offset);
        boolean echo = Icmpv6.isEcho(icmp.type());
        int identifier = icmp.identifier();
        int newIdentifier = echo ? IcmpFlyweight.identifierOf(newPorts) : identifier;
        int field = Checksums.transport(
                buffer,
                offset,
                0,
                Checksums.INCREMENTAL,
                icmp.checksum(),
                oldPseudo,
                newPseudo,
                InternetChecksum.delta(identifier, newIdentifier));
        icmp.identifier(newIdentifier).checksum(field);
    }

    /** From ICMPv6 to ICMP: the pseudo-header leaves the sum. */
    void toIpv4(UnsafeBuffer buffer, int offset, int length, long oldPseudo, int newPorts) {
        icmp.wrap(buffer, offset);
        int field = InternetChecksum.update(
                icmp.checksum(), ~InternetChecksum.fold(oldPseudo) & 0xFFFF); // now as if it had never been in it
        icmp.checksum(field);
        int newType = icmp.type() == Icmpv6.ECHO_REQUEST ? IcmpFlyweight.ECHO_REQUEST : IcmpFlyweight.ECHO_REPLY;
        change(buffer, offset, length, Checksums.DETECT, newType, newPorts);
    }

    /** From ICMP to ICMPv6: the pseudo-header enters the sum. */
    void toIpv6(UnsafeBuffer buffer, int offset, int length, long newPseudo, int newPorts) {
        icmp.wrap(buffer, offset);
        int newType = icmp.type() == IcmpFlyweight.ECHO_REQUEST ? Icmpv6.ECHO_REQUEST : Icmpv6.ECHO_REPLY;
        change(buffer, offset, length, Checksums.INCREMENTAL, newType, newPorts);
        icmp.checksum(InternetChecksum.update(icmp.checksum(), newPseudo));
    }

    private void change(UnsafeBuffer buffer, int offset, int length, int checksums, int newType, int newPorts) {
        int type = icmp.type();
        int identifier = icmp.identifier();
        int newIdentifier = IcmpFlyweight.identifierOf(newPorts);
        int field = icmp.checksum();
        long delta =
                InternetChecksum.delta(identifier, newIdentifier) + InternetChecksum.delta(type << 8, newType << 8);
        buffer.putByte(offset, (byte) newType);
        icmp.identifier(newIdentifier).checksum(0);
        boolean mayBeZeros = newType == IcmpFlyweight.ECHO_REPLY && newIdentifier == 0;
        boolean zerosAlone =
                mayBeZeros && checksums != Checksums.INCREMENTAL && InternetChecksum.sum(buffer, offset, length) == 0;
        icmp.checksum(Checksums.icmp(field, delta, zerosAlone));
    }
}
