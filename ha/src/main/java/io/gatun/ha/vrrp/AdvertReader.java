package io.gatun.ha.vrrp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.ha.wire.IpAddress;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Judges frames of one address family: the checks of RFC 9568 section 7.1, each length before what stands behind it.
 * Padding behind the IP packet is ignored. Pure; allocates nothing for an advert.
 */
public final class AdvertReader {
    private static final int ETHERTYPE_OFFSET = 12;
    private static final int IP_OFFSET = 14;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int IPV4_HEADER_BYTES = 20;
    private static final int IPV6_HEADER_BYTES = 40;
    private static final int TTL = 255;

    private final VrrpFlyweight advert = new VrrpFlyweight();
    private final boolean ipv6;
    private final int vrid;
    private final List<IpAddress> peers;
    private final IpAddress group;
    private IpAddress own = new IpAddress(0, 0);
    private AddressList addresses;
    private UnsafeBuffer frame;
    private int advertOffset;
    private int advertBytes;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;

    /**
     * @param peers of this family, the only ones heard; empty to hear the multicast group
     * @param group where adverts go without peers
     */
    public AdvertReader(boolean ipv6, int vrid, List<IpAddress> peers, IpAddress group) {
        this.ipv6 = ipv6;
        this.vrid = vrid;
        this.peers = List.copyOf(peers);
        this.group = group;
        this.addresses = AddressList.of(List.of(), ipv6);
    }

    /** The source of our adverts. */
    public void own(IpAddress address) {
        own = address;
    }

    /** What adverts should list. */
    public void addresses(AddressList expected) {
        addresses = expected;
    }

    /** What the frame is worth; when it is obeyed, the other methods tell of it until the next call. */
    public VrrpVerdict read(UnsafeBuffer buffer, int lengthBytes) {
        frame = buffer;
        VrrpVerdict ip = ipv6 ? readIpv6(lengthBytes) : readIpv4(lengthBytes);
        return ip == VrrpVerdict.VALID ? readAdvert() : ip;
    }

    /** 0 when the sender leaves. */
    public int priority() {
        return advert.priority();
    }

    /** Hundredths of a second. */
    public int intervalCs() {
        return advert.intervalCs();
    }

    public int vrid() {
        return advert.vrid();
    }

    public int addressCount() {
        return advert.addressCount();
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    private VrrpVerdict readIpv4(int lengthBytes) {
        if (lengthBytes < IP_OFFSET + IPV4_HEADER_BYTES) {
            return VrrpVerdict.TRUNCATED;
        }
        int headerBytes = (u8(IP_OFFSET) & 0xf) * Integer.BYTES;
        int totalBytes = u16(IP_OFFSET + 2);
        if (u16(ETHERTYPE_OFFSET) != ETHERTYPE_IPV4
                || u8(IP_OFFSET) >>> 4 != 4
                || u8(IP_OFFSET + 9) != VrrpFlyweight.PROTOCOL) {
            return VrrpVerdict.NOT_VRRP;
        }
        if (headerBytes < IPV4_HEADER_BYTES || totalBytes < headerBytes || IP_OFFSET + totalBytes > lengthBytes) {
            return VrrpVerdict.TRUNCATED;
        }
        if ((u16(IP_OFFSET + 6) & 0x3fff) != 0) { // more fragments, or an offset
            return VrrpVerdict.FRAGMENT;
        }
        sourceHigh = 0;
        sourceLow = IpAddress.lowOfIpv4(frame.getInt(IP_OFFSET + 12, BIG_ENDIAN));
        destinationHigh = 0;
        destinationLow = IpAddress.lowOfIpv4(frame.getInt(IP_OFFSET + 16, BIG_ENDIAN));
        advertOffset = IP_OFFSET + headerBytes;
        advertBytes = totalBytes - headerBytes;
        return u8(IP_OFFSET + 8) == TTL ? VrrpVerdict.VALID : VrrpVerdict.FROM_AFAR;
    }

    private VrrpVerdict readIpv6(int lengthBytes) {
        if (lengthBytes < IP_OFFSET + IPV6_HEADER_BYTES) {
            return VrrpVerdict.TRUNCATED;
        }
        if (u16(ETHERTYPE_OFFSET) != ETHERTYPE_IPV6
                || u8(IP_OFFSET) >>> 4 != 6
                || u8(IP_OFFSET + 6) != VrrpFlyweight.PROTOCOL) {
            return VrrpVerdict.NOT_VRRP;
        }
        advertOffset = IP_OFFSET + IPV6_HEADER_BYTES;
        advertBytes = u16(IP_OFFSET + 4);
        if (advertOffset + advertBytes > lengthBytes) {
            return VrrpVerdict.TRUNCATED;
        }
        sourceHigh = frame.getLong(IP_OFFSET + 8, BIG_ENDIAN);
        sourceLow = frame.getLong(IP_OFFSET + 16, BIG_ENDIAN);
        destinationHigh = frame.getLong(IP_OFFSET + 24, BIG_ENDIAN);
        destinationLow = frame.getLong(IP_OFFSET + 32, BIG_ENDIAN);
        return u8(IP_OFFSET + 7) == TTL ? VrrpVerdict.VALID : VrrpVerdict.FROM_AFAR;
    }

    private VrrpVerdict readAdvert() {
        if (advertBytes < VrrpFlyweight.HEADER_BYTES) {
            return VrrpVerdict.TRUNCATED;
        }
        advert.wrap(frame, advertOffset);
        if (advert.version() != VrrpFlyweight.VERSION_3) {
            return VrrpVerdict.UNKNOWN_VERSION;
        }
        if (advert.type() != VrrpFlyweight.ADVERTISEMENT) {
            return VrrpVerdict.UNKNOWN_TYPE;
        }
        if (advertBytes < VrrpFlyweight.HEADER_BYTES + advert.addressCount() * addressBytes()) {
            return VrrpVerdict.TRUNCATED;
        }
        if (!advert.isChecksumGood(pseudoHeader(), advertBytes)) {
            return VrrpVerdict.BAD_CHECKSUM;
        }
        if (advert.vrid() != vrid) {
            return VrrpVerdict.OTHER_VRID;
        }
        if (advert.addressCount() == 0) {
            return VrrpVerdict.NO_ADDRESSES;
        }
        if (advert.intervalCs() == 0) {
            return VrrpVerdict.NO_INTERVAL;
        }
        return judgeSender();
    }

    private VrrpVerdict judgeSender() {
        if (sourceHigh == own.high() && sourceLow == own.low()) {
            return VrrpVerdict.FROM_OURSELVES;
        }
        boolean toGroup = destinationHigh == group.high() && destinationLow == group.low();
        if (peers.isEmpty() && !toGroup) {
            return VrrpVerdict.NOT_TO_GROUP;
        }
        if (!peers.isEmpty() && (toGroup || !isPeer())) {
            return VrrpVerdict.UNKNOWN_SOURCE;
        }
        return addresses.isIn(advert) ? VrrpVerdict.VALID : VrrpVerdict.OTHER_ADDRESSES;
    }

    private boolean isPeer() {
        for (int i = 0; i < peers.size(); i++) {
            IpAddress peer = peers.get(i);
            if (peer.high() == sourceHigh && peer.low() == sourceLow) {
                return true;
            }
        }
        return false;
    }

    private int addressBytes() {
        return ipv6 ? 2 * Long.BYTES : Integer.BYTES;
    }

    private long pseudoHeader() {
        return ipv6
                ? InternetChecksum.pseudoHeader6(
                        sourceHigh, sourceLow, destinationHigh, destinationLow, VrrpFlyweight.PROTOCOL, advertBytes)
                : InternetChecksum.pseudoHeader(
                        (int) sourceLow, (int) destinationLow, VrrpFlyweight.PROTOCOL, advertBytes);
    }

    private int u8(int at) {
        return frame.getByte(at) & 0xff;
    }

    private int u16(int at) {
        return frame.getShort(at, BIG_ENDIAN) & 0xffff;
    }
}
