package io.gatun.ha.announce;

import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.IpSubnet;
import io.gatun.ha.wire.MacAddress;
import java.util.List;

/**
 * An interface on which VIPs are answered and announced.
 *
 * @param name for people
 * @param ifindex for the kernel
 * @param mac the address that VIPs are said to be at
 * @param subnets of its own addresses of both families; a VIP inside one of them is announced here
 */
public record AnnouncerInterface(String name, int ifindex, MacAddress mac, List<IpSubnet> subnets) {
    public AnnouncerInterface {
        subnets = List.copyOf(subnets);
    }

    /** Whether the VIP lies in a subnet of this interface. */
    public boolean isOnLink(IpAddress vip) {
        for (int i = 0; i < subnets.size(); i++) {
            if (subnets.get(i).contains(vip)) {
                return true;
            }
        }
        return false;
    }
}
