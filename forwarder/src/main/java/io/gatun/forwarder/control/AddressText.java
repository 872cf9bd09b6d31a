package io.gatun.forwarder.control;

import java.net.Inet4Address;
import java.net.InetAddress;

/** IP addresses as people read them. */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /**
     * The one text that an address has: dotted decimal, or RFC 5952 section 4: lower case, the longest run of zero groups
     * (the first of equals, two groups at least) as {@code ::}, and no scope.
     */
    public static String of(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        int[] groups = groups(address.getAddress());
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zeros(groups, i);
            if (length > runLength) {
                runStart = i;
                runLength = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** {@code 192.168.80.200:80} or {@code [fd00::1]:80}. */
    public static String of(InetAddress address, int port) {
        String host = of(address);
        return (address instanceof Inet4Address ? host : "[" + host + "]") + ":" + port;
    }

    private static int[] groups(byte[] octets) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = Byte.toUnsignedInt(octets[2 * i]) << 8 | Byte.toUnsignedInt(octets[2 * i + 1]);
        }
        return groups;
    }

    private static int zeros(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }
}
