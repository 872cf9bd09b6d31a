package io.gatun.kube.desired;

import io.gatun.kube.model.IpAddress;
import java.util.Optional;

/** Addresses as kube-loxilb writes them where a status wants a name: {@code llb-192.168.80.200}. */
public final class HostName {
    private static final String ANY = "llbanyextip";

    private HostName() {}

    /** The name for an address. */
    public static String of(IpAddress address, String zone) {
        return address.isAny() ? ANY : zone + "-" + address.toString().replace(':', '-');
    }

    /** The address of such a name, or empty. */
    static Optional<IpAddress> address(String name, String zone) {
        if (name.equals(ANY)) {
            return IpAddress.parse("0.0.0.0");
        }
        if (!name.startsWith(zone + "-")) {
            return Optional.empty();
        }
        String rest = name.substring(zone.length() + 1);
        return IpAddress.parse(rest).or(() -> IpAddress.parse(rest.replace('-', ':')));
    }
}
