package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;

/**
 * Which ICMP error is which ICMPv6 error: RFC 7915 sections 4.2 and 5.2. A message is {@code type << 8 | code}; what has
 * no counterpart is {@link #NONE}.
 */
final class IcmpTypes64 {
    static final int NONE = -1;

    /** RFC 1191 section 7.1: what a router that tells no MTU probably has. */
    private static final int[] PLATEAUS = {65_535, 32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296, 68};

    private static final int[] POINTERS_TO_IPV6 = {
        0, 1, 4, 4, NONE, NONE, NONE, NONE, 7, 6, NONE, NONE, 8, 8, 8, 8, 24, 24, 24, 24
    };

    private IcmpTypes64() {}

    static int message(int type, int code) {
        return type << 8 | code;
    }

    static int toIpv6(int type, int code) {
        return switch (type) {
            case IcmpFlyweight.DESTINATION_UNREACHABLE -> unreachableToIpv6(code);
            case IcmpFlyweight.TIME_EXCEEDED -> message(Icmpv6.TIME_EXCEEDED, code);
            case IcmpFlyweight.PARAMETER_PROBLEM ->
                code == 0 || code == 2 ? message(Icmpv6.PARAMETER_PROBLEM, Icmpv6.ERRONEOUS_FIELD) : NONE;
            default -> NONE;
        };
    }

    private static int unreachableToIpv6(int code) {
        return switch (code) {
            case 0, 1, 5, 6, 7, 8, 11, 12 -> message(Icmpv6.DESTINATION_UNREACHABLE, Icmpv6.NO_ROUTE);
            case 2 -> message(Icmpv6.PARAMETER_PROBLEM, Icmpv6.UNKNOWN_NEXT_HEADER);
            case 3 -> message(Icmpv6.DESTINATION_UNREACHABLE, Icmpv6.PORT_UNREACHABLE);
            case 4 -> message(Icmpv6.PACKET_TOO_BIG, 0);
            case 9, 10, 13, 15 -> message(Icmpv6.DESTINATION_UNREACHABLE, Icmpv6.PROHIBITED);
            default -> NONE;
        };
    }

    static int toIpv4(int type, int code) {
        return switch (type) {
            case Icmpv6.DESTINATION_UNREACHABLE -> unreachableToIpv4(code);
            case Icmpv6.PACKET_TOO_BIG ->
                message(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.FRAGMENTATION_NEEDED);
            case Icmpv6.TIME_EXCEEDED -> message(IcmpFlyweight.TIME_EXCEEDED, code);
            case Icmpv6.PARAMETER_PROBLEM ->
                switch (code) {
                    case Icmpv6.ERRONEOUS_FIELD -> message(IcmpFlyweight.PARAMETER_PROBLEM, 0);
                    case Icmpv6.UNKNOWN_NEXT_HEADER ->
                        message(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PROTOCOL_UNREACHABLE);
                    default -> NONE;
                };
            default -> NONE;
        };
    }

    private static int unreachableToIpv4(int code) {
        return switch (code) {
            case Icmpv6.NO_ROUTE, Icmpv6.BEYOND_SCOPE, Icmpv6.ADDRESS_UNREACHABLE ->
                message(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.HOST_UNREACHABLE);
            case Icmpv6.PROHIBITED -> message(IcmpFlyweight.DESTINATION_UNREACHABLE, 10);
            case Icmpv6.PORT_UNREACHABLE ->
                message(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE);
            default -> NONE;
        };
    }

    /** Where the IPv6 header has what the IPv4 header has at this byte, figure 3 of RFC 7915. */
    static int pointerToIpv6(int pointer) {
        return pointer < POINTERS_TO_IPV6.length ? POINTERS_TO_IPV6[pointer] : NONE;
    }

    /** The other way, figure 6 of RFC 7915; the pointer has 32 bits without sign. */
    static int pointerToIpv4(int pointer) {
        return switch (pointer) {
            case 0, 1 -> pointer;
            case 4, 5 -> 2;
            case 6 -> 9;
            case 7 -> 8;
            default -> {
                if (pointer < 8 || pointer > 39) {
                    yield NONE;
                }
                yield pointer < 24 ? 12 : 16;
            }
        };
    }

    /** The MTU that IPv6 is told; 0 stands for a router that tells none. */
    static int mtuToIpv6(int mtu, int quotedLength, int mtuMax) {
        int known = mtu == 0 ? plateauBelow(quotedLength) : mtu;
        return Math.max(1280, Math.min(known + 20, mtuMax));
    }

    /** The MTU that IPv4 is told; the advertised one has 32 bits without sign. */
    static int mtuToIpv4(int mtu, int mtuMax) {
        return (int) Math.max(68, Math.min((mtu & 0xFFFF_FFFFL) - 20, mtuMax));
    }

    private static int plateauBelow(int length) {
        for (int plateau : PLATEAUS) {
            if (plateau < length) {
                return plateau;
            }
        }
        return 68;
    }
}
