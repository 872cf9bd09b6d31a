package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes an ICMP or ICMPv6 error through NAT: the packet that it quotes gets the addresses and ports that its sender knows
 * it by (RFC 5508 section 4, RFC 6888), and every checksum inside and outside is right afterwards. An error that arrived
 * with a wrong checksum is not touched.
 *
 * <p>The quoted packet went the other way: whose flow it is, tells the tuple turned round, which is what the answer to it
 * would have had.
 */
public final class IcmpErrors {
    private final QuotedPacket quote = new QuotedPacket();
    private final QuotedTransport transport = new QuotedTransport();
    private final Rewriter outer = new Rewriter();
    private final Rewriter6 outer6 = new Rewriter6();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();

    /**
     * Reads what an error quotes.
     *
     * @param offset behind the eight bytes of the ICMP header
     * @param end first byte behind the ICMP message
     * @return an object that is reused by the next call, or null when it tells of no flow
     */
    public QuotedPacket quoted(UnsafeBuffer buffer, int offset, int end) {
        return quote.parse(buffer, offset, end) ? quote : null;
    }

    /**
     * Rewrites an ICMP error whose quote has just been read by {@link #quoted} and is IPv4.
     *
     * @param end first byte behind the ICMP message
     * @return false, and nothing done, when its checksum was wrong or the quote is of the other family
     */
    public boolean rewrite(
            UnsafeBuffer buffer,
            int ipOffset,
            int icmpOffset,
            int end,
            int newSource,
            int newDestination,
            int newQuotedSource,
            int newQuotedDestination,
            int newQuotedPorts) {
        int length = end - icmpOffset;
        if (quote.isIpv6() || InternetChecksum.fold(InternetChecksum.sum(buffer, icmpOffset, length)) != 0xFFFF) {
            return false;
        }
        long pseudo = InternetChecksum.pseudoHeader(
                newQuotedSource, newQuotedDestination, quote.protocol(), quote.transportLength());
        transport.rewrite(buffer, quote, pseudo, newQuotedPorts);
        ip.wrap(buffer, quote.ipOffset());
        long delta = InternetChecksum.delta(ip.source(), newQuotedSource)
                + InternetChecksum.delta(ip.destination(), newQuotedDestination);
        ip.checksum(InternetChecksum.update(ip.checksum(), delta)).addresses(newQuotedSource, newQuotedDestination);
        icmp.wrap(buffer, icmpOffset).checksum(0);
        icmp.checksum(InternetChecksum.of(InternetChecksum.sum(buffer, icmpOffset, length)));
        outer.rewriteFragment(buffer, ipOffset, newSource, newDestination, Rewriter.SAME_IDENTIFICATION);
        return true;
    }

    /**
     * Rewrites an ICMPv6 error whose quote has just been read by {@link #quoted} and is IPv6.
     *
     * @param end first byte behind the ICMPv6 message
     * @return false, and nothing done, when its checksum was wrong or the quote is of the other family
     */
    public boolean rewrite6(
            UnsafeBuffer buffer,
            int ipOffset,
            int icmpOffset,
            int end,
            long newSourceHigh,
            long newSourceLow,
            long newDestinationHigh,
            long newDestinationLow,
            long newQuotedSourceHigh,
            long newQuotedSourceLow,
            long newQuotedDestinationHigh,
            long newQuotedDestinationLow,
            int newQuotedPorts) {
        if (!quote.isIpv6() || !checksumRight6(buffer, ipOffset, icmpOffset, end)) {
            return false;
        }
        long pseudo = InternetChecksum.pseudoHeader6(
                newQuotedSourceHigh,
                newQuotedSourceLow,
                newQuotedDestinationHigh,
                newQuotedDestinationLow,
                quote.protocol(),
                quote.transportLength());
        transport.rewrite(buffer, quote, pseudo, newQuotedPorts);
        ip6.wrap(buffer, quote.ipOffset())
                .addresses(newQuotedSourceHigh, newQuotedSourceLow, newQuotedDestinationHigh, newQuotedDestinationLow);
        outer6.rewriteFragment(
                buffer,
                ipOffset,
                -1,
                newSourceHigh,
                newSourceLow,
                newDestinationHigh,
                newDestinationLow,
                Rewriter6.SAME_IDENTIFICATION);
        int length = end - icmpOffset;
        icmp.wrap(buffer, icmpOffset).checksum(0);
        icmp.checksum(InternetChecksum.of(InternetChecksum.pseudoHeader6(
                        newSourceHigh,
                        newSourceLow,
                        newDestinationHigh,
                        newDestinationLow,
                        Ipv4Flyweight.PROTOCOL_ICMPV6,
                        length)
                + InternetChecksum.sum(buffer, icmpOffset, length)));
        return true;
    }

    private boolean checksumRight6(UnsafeBuffer buffer, int ipOffset, int icmpOffset, int end) {
        ip6.wrap(buffer, ipOffset);
        return InternetChecksum.fold(InternetChecksum.pseudoHeader6(
                                ip6.sourceHigh(),
                                ip6.sourceLow(),
                                ip6.destinationHigh(),
                                ip6.destinationLow(),
                                Ipv4Flyweight.PROTOCOL_ICMPV6,
                                end - icmpOffset)
                        + InternetChecksum.sum(buffer, icmpOffset, end - icmpOffset))
                == 0xFFFF;
    }
}
