package io.gatun.api.model;

import io.gatun.forwarder.control.SourcePrefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Networks as text: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address alone, which is a network of one. */
public final class IpNetwork {
    private static final Pattern TEXT = Pattern.compile("([^/]*)(?:/(\\d{1,3}))?");

    private IpNetwork() {}

    /** The network without its host bits, or empty when the text is none. */
    public static Optional<SourcePrefix> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        Optional<InetAddress> address = matcher.matches() ? IpLiteral.parse(matcher.group(1)) : Optional.empty();
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = bits(address.get());
        int length = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
        return length > bits ? Optional.empty() : Optional.of(of(address.get(), length));
    }

    /**
     * The network that holds an address, without host bits.
     *
     * @param length 0 to {@link #bits}
     */
    public static SourcePrefix of(InetAddress address, int length) {
        byte[] network = address.getAddress();
        for (int i = 0; i < network.length; i++) {
            int kept = Math.clamp(length - (long) i * Byte.SIZE, 0, Byte.SIZE);
            network[i] &= (byte) (0xff00 >> kept);
        }
        try {
            return new SourcePrefix(InetAddress.getByAddress(network), length);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Of an address of this family. */
    public static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    /** As it is shown: {@code 10.0.0.0/8}. */
    public static String text(SourcePrefix network) {
        return IpLiteral.text(network.address()) + "/" + network.length();
    }
}
