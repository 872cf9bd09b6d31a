package io.gatun.forwarder.raw;

import io.gatun.forwarder.frame.Offload;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * struct virtio_net_hdr of include/uapi/linux/virtio_net.h, host byte order as PACKET_VNET_HDR has it: read into an
 * {@link Offload}, written from one and from the frame's own headers.
 *
 * <pre>
 *    0       1          2          4          6            8             10
 *   +-------+----------+----------+----------+------------+-------------+
 *   | flags | gso type | hdr len  | gso size | csum start | csum offset |
 *   +-------+----------+----------+----------+------------+-------------+
 * </pre>
 */
final class VirtioHeader {
    static final int BYTES = 10;

    private static final int GSO_TYPE = 1;
    private static final int HEADER_LENGTH = 2;
    private static final int GSO_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final byte NEEDS_CSUM = 1;

    private static final int ETHER_TYPE = 12;
    private static final int ETHERNET_BYTES = 14;
    private static final int VLAN_BYTES = 4;
    private static final int VLAN_TAGS_MAX = 2;
    private static final int ETH_P_8021Q = 0x8100;
    private static final int ETH_P_8021AD = 0x88A8;
    private static final int ETH_P_IP = 0x0800;
    private static final int ETH_P_IPV6 = 0x86DD;

    private static final int IPV4_FRAGMENT = 6;
    private static final int IPV4_FRAGMENT_OFFSET = 0x1FFF;
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV6_BYTES = 40;
    private static final int IPV6_NEXT_HEADER = 6;
    private static final int IPV6_EXTENSIONS_MAX = 8;

    private static final int HOP_BY_HOP = 0;
    private static final int IP_IN_IP = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int IPV6_IN_IP = 41;
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int SCTP = 132;

    private static final int UDP_BYTES = 8;
    private static final int TCP_DATA_OFFSET = 12;

    /** A transport header as one int: offset from the frame's start, protocol, whether IPv6 is before it. */
    private static final int NO_TRANSPORT = -1;

    private static final int PROTOCOL_SHIFT = 16;
    private static final int FAMILY6 = 1 << 24;

    private VirtioHeader() {}

    /** What is left for the device to do with the frame behind this header. */
    static int read(DirectBuffer buffer, int header) {
        int flags = buffer.getByte(header);
        if (flags == 0 && buffer.getByte(header + GSO_TYPE) == 0) {
            return Offload.NONE;
        }
        int gsoType = buffer.getByte(header + GSO_TYPE) & 0xFF;
        // VIRTIO_NET_HDR_F_DATA_VALID says that the checksum is complete and right: an ordinary frame.
        return Offload.of(
                (flags & NEEDS_CSUM) != 0, gsoType, gsoType == 0 ? 0 : buffer.getShort(header + GSO_SIZE) & 0xFFFF);
    }

    /** Writes the header right before the frame. */
    static void write(MutableDirectBuffer buffer, int frame, int length, int offload) {
        int header = frame - BYTES;
        buffer.putLong(header, 0);
        buffer.putShort(header + CHECKSUM_OFFSET, (short) 0);
        if (offload == Offload.NONE) {
            return;
        }
        int transport = transport(buffer, frame, length);
        if (transport == NO_TRANSPORT) {
            return;
        }
        int start = transport & 0xFFFF;
        int protocol = (transport >>> PROTOCOL_SHIFT) & 0xFF;
        buffer.putShort(header + HEADER_LENGTH, (short) (start + headerLength(buffer, frame + start, protocol)));
        if (Offload.isPartial(offload)) {
            buffer.putByte(header, NEEDS_CSUM);
            buffer.putShort(header + CHECKSUM_START, (short) start);
            buffer.putShort(header + CHECKSUM_OFFSET, (short) checksumOffset(protocol));
        }
        int gsoType = gsoType(Offload.gsoType(offload), protocol, (transport & FAMILY6) != 0);
        if (gsoType != 0) {
            buffer.putByte(header + GSO_TYPE, (byte) gsoType);
            buffer.putShort(header + GSO_SIZE, (short) Offload.gsoSize(offload));
        }
    }

    private static int gsoType(int received, int protocol, boolean ipv6) {
        if (protocol == UDP) {
            return received == Offload.GSO_UDP_L4 ? received : 0;
        }
        if (protocol != TCP || received == 0) {
            return 0;
        }
        return (ipv6 ? Offload.GSO_TCPV6 : Offload.GSO_TCPV4) | (received & Offload.GSO_ECN);
    }

    private static int checksumOffset(int protocol) {
        return switch (protocol) {
            case TCP -> 16;
            case UDP -> 6;
            default -> 8;
        };
    }

    private static int headerLength(DirectBuffer buffer, int transport, int protocol) {
        return switch (protocol) {
            case TCP -> (buffer.getByte(transport + TCP_DATA_OFFSET) & 0xF0) >>> 2;
            case UDP -> UDP_BYTES;
            default -> 12;
        };
    }

    /** Where the innermost transport header is, behind VLAN tags, IPv6 extensions and one tunnel header. */
    private static int transport(DirectBuffer buffer, int frame, int length) {
        int offset = ETHERNET_BYTES;
        int type = etherType(buffer, frame + ETHER_TYPE);
        for (int tags = 0; tags < VLAN_TAGS_MAX && (type == ETH_P_8021Q || type == ETH_P_8021AD); tags++) {
            type = etherType(buffer, frame + ETHER_TYPE + (tags + 1) * VLAN_BYTES);
            offset += VLAN_BYTES;
        }
        if (type != ETH_P_IP && type != ETH_P_IPV6) {
            return NO_TRANSPORT;
        }
        int found = network(buffer, frame, offset, length, type == ETH_P_IPV6);
        int protocol = found >>> PROTOCOL_SHIFT & 0xFF;
        if (found != NO_TRANSPORT && (protocol == IP_IN_IP || protocol == IPV6_IN_IP)) {
            found = network(buffer, frame, found & 0xFFFF, length, protocol == IPV6_IN_IP);
            protocol = found >>> PROTOCOL_SHIFT & 0xFF;
        }
        boolean known = found != NO_TRANSPORT && (protocol == TCP || protocol == UDP || protocol == SCTP);
        return known ? found : NO_TRANSPORT;
    }

    private static int network(DirectBuffer buffer, int frame, int offset, int length, boolean ipv6) {
        return ipv6 ? ipv6(buffer, frame, offset, length) : ipv4(buffer, frame, offset, length);
    }

    private static int ipv4(DirectBuffer buffer, int frame, int offset, int length) {
        int ip = frame + offset;
        int next = offset + (buffer.getByte(ip) & 0xF) * Integer.BYTES;
        boolean later = (buffer.getShort(ip + IPV4_FRAGMENT, ByteOrder.BIG_ENDIAN) & IPV4_FRAGMENT_OFFSET) != 0;
        int protocol = buffer.getByte(ip + IPV4_PROTOCOL) & 0xFF;
        return later || next + leastBytes(protocol) > length ? NO_TRANSPORT : next | protocol << PROTOCOL_SHIFT;
    }

    private static int ipv6(DirectBuffer buffer, int frame, int offset, int length) {
        int protocol = buffer.getByte(frame + offset + IPV6_NEXT_HEADER) & 0xFF;
        int next = offset + IPV6_BYTES;
        for (int i = 0; i < IPV6_EXTENSIONS_MAX && next + leastBytes(protocol) <= length; i++) {
            if (protocol != HOP_BY_HOP && protocol != ROUTING && protocol != DESTINATION_OPTIONS) {
                return next | protocol << PROTOCOL_SHIFT | FAMILY6;
            }
            protocol = buffer.getByte(frame + next) & 0xFF;
            next += ((buffer.getByte(frame + next + 1) & 0xFF) + 1) * Long.BYTES;
        }
        return NO_TRANSPORT;
    }

    /** A datagram may be as short as its header. */
    private static int leastBytes(int protocol) {
        return protocol == TCP || protocol == SCTP ? TCP_DATA_OFFSET : UDP_BYTES;
    }

    private static int etherType(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
