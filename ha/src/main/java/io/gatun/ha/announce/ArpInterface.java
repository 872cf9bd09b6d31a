package io.gatun.ha.announce;

import io.gatun.ha.wire.Ipv4Subnet;
import io.gatun.ha.wire.MacAddress;
import java.util.List;

/**
 * An interface on which VIPs are answered and announced.
 *
 * @param name for people
 * @param ifindex for the kernel
 * @param mac the address that VIPs are said to be at
 * @param subnets of its own addresses; a VIP inside one of them is announced here
 */
public record ArpInterface(String name, int ifindex, MacAddress mac, List<Ipv4Subnet> subnets) {
    public ArpInterface {
        subnets = List.copyOf(subnets);
    }

    /** Whether the VIP lies in a subnet of this interface. */
    public boolean isOnLink(int vip) {
        for (Ipv4Subnet subnet : subnets) {
            if (subnet.contains(vip)) {
                return true;
            }
        }
        return false;
    }
}
