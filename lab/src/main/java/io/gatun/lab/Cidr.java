package io.gatun.lab;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address of a host with the length of its network's prefix: {@code 192.168.80.10/24}, {@code fd00:80::10/64}.
 *
 * @param address of the host, not of the network
 * @param prefixLength 0-32 for IPv4, 0-128 for IPv6
 */
public record Cidr(InetAddress address, int prefixLength) {
    public Cidr {
        int bits = address.getAddress().length * 8;
        if (prefixLength < 0 || prefixLength > bits) {
            throw LabException.invalid("prefixLength", prefixLength, "must be 0-" + bits);
        }
    }

    /** Reads {@code address/prefixLength}; never asks a name server. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw LabException.invalid("address", text, "add the prefix length, as in 192.168.80.10/24");
        }
        InetAddress address = literal("address", text.substring(0, slash));
        String prefix = text.substring(slash + 1);
        int bits = address.getAddress().length * 8;
        if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
            throw LabException.invalid("address", text, "the prefix length must be 0-" + bits);
        }
        return new Cidr(address, Integer.parseInt(prefix));
    }

    static InetAddress literal(String field, String text) {
        boolean four = text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        boolean six = text.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
        try {
            if (four || six) {
                return InetAddress.ofLiteral(text);
            }
        } catch (IllegalArgumentException notAnAddress) {
            // falls through to the one sentence for all malformed addresses
        }
        throw LabException.invalid(field, text, "must be an IPv4 or IPv6 address such as 192.168.80.10 or fd00:80::10");
    }

    boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
