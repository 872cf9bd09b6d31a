package io.gatun.ha.vrrp;

import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.ha.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Builds the frame that an advert of another node arrives in, and lets a test spoil it. */
final class AdvertFrames {
    static final int IP_OFFSET = 14;

    private AdvertFrames() {}

    /** Exactly as long as it must be. */
    static UnsafeBuffer frame(
            IpAddress source, IpAddress destination, int vrid, int priority, int intervalCs, List<IpAddress> vips) {
        boolean ipv6 = !source.isIpv4();
        int advertOffset = IP_OFFSET + (ipv6 ? 40 : 20);
        AddressList list = AddressList.of(vips, ipv6);
        int advertBytes = VrrpFlyweight.HEADER_BYTES + list.size() * (ipv6 ? 16 : 4);
        ByteBuffer bytes = ByteBuffer.allocate(advertOffset + advertBytes);
        if (ipv6) {
            bytes.putShort(12, (short) 0x86dd)
                    .putInt(IP_OFFSET, 0x6000_0000)
                    .putShort(IP_OFFSET + 4, (short) advertBytes)
                    .put(IP_OFFSET + 6, (byte) VrrpFlyweight.PROTOCOL)
                    .put(IP_OFFSET + 7, (byte) 255)
                    .putLong(IP_OFFSET + 8, source.high())
                    .putLong(IP_OFFSET + 16, source.low())
                    .putLong(IP_OFFSET + 24, destination.high())
                    .putLong(IP_OFFSET + 32, destination.low());
        } else {
            bytes.putShort(12, (short) 0x0800)
                    .put(IP_OFFSET, (byte) 0x45)
                    .putShort(IP_OFFSET + 2, (short) (20 + advertBytes))
                    .put(IP_OFFSET + 8, (byte) 255)
                    .put(IP_OFFSET + 9, (byte) VrrpFlyweight.PROTOCOL)
                    .putInt(IP_OFFSET + 12, source.ipv4())
                    .putInt(IP_OFFSET + 16, destination.ipv4());
        }
        UnsafeBuffer frame = new UnsafeBuffer(bytes.array());
        VrrpFlyweight advert = new VrrpFlyweight().wrap(frame, advertOffset);
        advert.header(vrid, priority, list.size(), intervalCs);
        list.writeTo(advert);
        advert.writeChecksum(pseudoHeader(source, destination, advertBytes), advertBytes);
        return frame;
    }

    /** Makes the checksum right again after the advert was spoilt. */
    static void repair(UnsafeBuffer frame, IpAddress source, IpAddress destination) {
        int advertOffset = IP_OFFSET + (source.isIpv4() ? 20 : 40);
        int advertBytes = frame.capacity() - advertOffset;
        new VrrpFlyweight()
                .wrap(frame, advertOffset)
                .writeChecksum(pseudoHeader(source, destination, advertBytes), advertBytes);
    }

    private static long pseudoHeader(IpAddress source, IpAddress destination, int advertBytes) {
        return source.isIpv4()
                ? InternetChecksum.pseudoHeader(source.ipv4(), destination.ipv4(), VrrpFlyweight.PROTOCOL, advertBytes)
                : InternetChecksum.pseudoHeader6(
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low(),
                        VrrpFlyweight.PROTOCOL,
                        advertBytes);
    }
}
