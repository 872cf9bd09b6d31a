package io.gatun.lab;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One end of a veth pair, as it appears in a host. Offloads are not named here: they stay at the kernel's defaults.
 *
 * @param device name inside the host, {@code eth0} unless named
 * @param addresses in the order in which they are added; may be empty
 * @param queues rx and tx queues of both ends, 1-64
 * @param mtu bytes of L3 payload, 576-65535
 * @param gateway next hop of the default route
 */
public record LinkSpec(String device, List<Cidr> addresses, int queues, int mtu, Optional<InetAddress> gateway) {
    public LinkSpec {
        addresses = List.copyOf(addresses);
        Names.requireDevice("device", device);
        if (queues < 1 || queues > 64) {
            throw LabException.invalid("queues", queues, "must be 1-64");
        }
        if (mtu < 576 || mtu > 65535) {
            throw LabException.invalid("mtu", mtu, "must be 576-65535");
        }
    }

    /** {@code eth0} with one queue, MTU 1500 and these addresses ({@code 192.168.80.10/24}). */
    public static LinkSpec of(String... addresses) {
        return new LinkSpec("eth0", List.of(), 1, 1500, Optional.empty()).plus(addresses);
    }

    /** The same under another device name. */
    public LinkSpec named(String otherDevice) {
        return new LinkSpec(otherDevice, addresses, queues, mtu, gateway);
    }

    /** The same with further addresses. */
    public LinkSpec plus(String... more) {
        List<Cidr> all = new ArrayList<>(addresses);
        for (String text : more) {
            all.add(Cidr.parse(text));
        }
        return new LinkSpec(device, all, queues, mtu, gateway);
    }

    /** The same with {@code count} rx and tx queues on both ends. */
    public LinkSpec withQueues(int count) {
        return new LinkSpec(device, addresses, count, mtu, gateway);
    }

    /** The same with another MTU. */
    public LinkSpec withMtu(int bytes) {
        return new LinkSpec(device, addresses, queues, bytes, gateway);
    }

    /** The same with a default route through {@code address}. */
    public LinkSpec via(String address) {
        return new LinkSpec(device, addresses, queues, mtu, Optional.of(Cidr.literal("gateway", address)));
    }
}
