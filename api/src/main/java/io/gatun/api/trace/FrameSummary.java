package io.gatun.api.trace;

import io.gatun.api.model.AddressPort;
import io.gatun.api.model.IpLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A frame in one line: {@code 10.0.0.7:51000 > 192.168.80.200:80 tcp SYN, 74 bytes}. Reads Ethernet with VLAN tags, IPv4
 * (RFC 791), IPv6 with its extension headers (RFC 8200), TCP, UDP, SCTP (RFC 9260), ICMP and ICMPv6, and IP-in-IP (RFC
 * 2003). Never fails: what is cut short says so.
 */
public final class FrameSummary {
    private static final int ETHERNET_LENGTH = 14;
    private static final int VLAN_LENGTH = 4;
    private static final int IPV4_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final int TYPE_QINQ = 0x88a8;
    private static final int HOP_BY_HOP = 0;
    private static final int ICMP = 1;
    private static final int IPIP = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int IPV6_IN_IP = 41;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int ICMPV6 = 58;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int SCTP = 132;
    private static final String CUT = "cut short";
    private static final String[] TCP_FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};

    private final byte[] frame;
    private final StringBuilder text = new StringBuilder();

    private FrameSummary(byte[] frame) {
        this.frame = frame;
    }

    /**
     * The line.
     *
     * @param frame its first bytes, from the Ethernet header on
     * @param length bytes of the whole frame
     */
    public static String of(byte[] frame, int length) {
        FrameSummary summary = new FrameSummary(frame);
        summary.ethernet();
        return summary.text.append(", ").append(length).append(" bytes").toString();
    }

    private void ethernet() {
        int offset = ETHERNET_LENGTH;
        while (has(offset, 0) && tagged(u16(offset - 2))) {
            if (!has(offset, VLAN_LENGTH)) {
                text.append("vlan ").append(CUT);
                return;
            }
            text.append("vlan ").append(u16(offset) & 0xfff).append(' ');
            offset += VLAN_LENGTH;
        }
        if (!has(offset, 0)) {
            text.append("ethernet ").append(CUT);
            return;
        }
        int type = u16(offset - 2);
        switch (type) {
            case TYPE_IPV4 -> ipv4(offset);
            case TYPE_IPV6 -> ipv6(offset);
            case TYPE_ARP -> text.append("arp");
            default -> text.append("ethertype 0x").append(Integer.toHexString(type));
        }
    }

    private static boolean tagged(int type) {
        return type == TYPE_VLAN || type == TYPE_QINQ;
    }

    private void ipv4(int offset) {
        if (!has(offset, IPV4_LENGTH)) {
            text.append("ipv4 ").append(CUT);
            return;
        }
        InetAddress source = address(offset + 12, 4);
        InetAddress destination = address(offset + 16, 4);
        int fragment = u16(offset + 6);
        int first = (fragment & 0x1fff) * 8;
        transport(u8(offset + 9), offset + (u8(offset) & 0xf) * 4, first, source, destination);
        if (first == 0 && (fragment & 0x2000) != 0) {
            text.append(", first fragment");
        }
    }

    private void ipv6(int offset) {
        if (!has(offset, IPV6_LENGTH)) {
            text.append("ipv6 ").append(CUT);
            return;
        }
        InetAddress source = address(offset + 8, 16);
        InetAddress destination = address(offset + 24, 16);
        int next = u8(offset + 6);
        int at = offset + IPV6_LENGTH;
        int first = 0;
        boolean fragmented = false;
        while (has(at, 8) && extension(next)) {
            if (next == FRAGMENT) {
                first = u16(at + 2) & 0xfff8;
                fragmented = true;
            }
            int length = next == FRAGMENT ? 8 : (u8(at + 1) + 1) * 8;
            next = u8(at);
            at += length;
        }
        transport(next, at, first, source, destination);
        if (fragmented && first == 0) {
            text.append(", first fragment");
        }
    }

    private static boolean extension(int next) {
        return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == DESTINATION_OPTIONS;
    }

    private void transport(int protocol, int offset, int fragmentOffset, InetAddress source, InetAddress destination) {
        boolean ports = protocol == TCP || protocol == UDP || protocol == SCTP;
        if (fragmentOffset == 0 && ports && has(offset, 4)) {
            text.append(AddressPort.text(source, u16(offset)))
                    .append(" > ")
                    .append(AddressPort.text(destination, u16(offset + 2)));
        } else {
            text.append(IpLiteral.text(source)).append(" > ").append(IpLiteral.text(destination));
        }
        text.append(' ').append(name(protocol));
        if (fragmentOffset != 0) {
            text.append(" fragment at ").append(fragmentOffset);
            return;
        }
        switch (protocol) {
            case TCP -> tcp(offset);
            case SCTP -> sctp(offset);
            case ICMP -> icmp(offset, 8, 0);
            case ICMPV6 -> icmp(offset, 128, 129);
            case IPIP -> inner(offset, true);
            case IPV6_IN_IP -> inner(offset, false);
            case UDP -> cutUnless(offset, 8);
            default -> {}
        }
    }

    private static String name(int protocol) {
        return switch (protocol) {
            case ICMP -> "icmp";
            case TCP -> "tcp";
            case UDP -> "udp";
            case ICMPV6 -> "icmpv6";
            case SCTP -> "sctp";
            case IPIP, IPV6_IN_IP -> "ip-in-ip";
            default -> "protocol " + protocol;
        };
    }

    private void tcp(int offset) {
        if (cutUnless(offset, 20)) {
            return;
        }
        int flags = u8(offset + 13);
        String separator = " ";
        for (int i = 0; i < TCP_FLAGS.length; i++) {
            if ((flags & 1 << i) != 0) {
                text.append(separator).append(TCP_FLAGS[i]);
                separator = "+";
            }
        }
    }

    private void sctp(int offset) {
        if (cutUnless(offset, 13)) {
            return;
        }
        int chunk = u8(offset + 12);
        text.append(' ')
                .append(
                        switch (chunk) {
                            case 0 -> "DATA";
                            case 1 -> "INIT";
                            case 2 -> "INIT ACK";
                            case 3 -> "SACK";
                            case 4 -> "HEARTBEAT";
                            case 5 -> "HEARTBEAT ACK";
                            case 6 -> "ABORT";
                            case 7 -> "SHUTDOWN";
                            case 8 -> "SHUTDOWN ACK";
                            case 10 -> "COOKIE ECHO";
                            case 11 -> "COOKIE ACK";
                            case 14 -> "SHUTDOWN COMPLETE";
                            default -> "chunk " + chunk;
                        });
    }

    private void icmp(int offset, int request, int reply) {
        if (cutUnless(offset, 8)) {
            return;
        }
        int type = u8(offset);
        if (type == request || type == reply) {
            text.append(type == request ? " echo request" : " echo reply")
                    .append(" id ")
                    .append(u16(offset + 4))
                    .append(" seq ")
                    .append(u16(offset + 6));
        } else {
            text.append(" type ").append(type).append(" code ").append(u8(offset + 1));
        }
    }

    private void inner(int offset, boolean ipv4) {
        text.append(": ");
        if (ipv4) {
            ipv4(offset);
        } else {
            ipv6(offset);
        }
    }

    private boolean cutUnless(int offset, int length) {
        if (has(offset, length)) {
            return false;
        }
        text.append(' ').append(CUT);
        return true;
    }

    private InetAddress address(int offset, int length) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(frame, offset, offset + length));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private boolean has(int offset, int length) {
        return offset + length <= frame.length;
    }

    private int u8(int offset) {
        return Byte.toUnsignedInt(frame[offset]);
    }

    private int u16(int offset) {
        return u8(offset) << 8 | u8(offset + 1);
    }
}
