package io.gatun.api.daemon;

import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.ha.announce.Announcer;
import io.gatun.ha.announce.ArpInterface;
import io.gatun.ha.role.Role;
import io.gatun.ha.role.RoleListener;
import io.gatun.ha.role.RoleTable;
import io.gatun.ha.wire.Ipv4Subnet;
import io.gatun.ha.wire.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ties the roles of instances to the two that act on them: first the forwarder admits new flows, then we announce. */
final class AnnouncingVipOwner implements VipOwner {
    private final Announcer announcer;
    private final RoleTable roles;

    AnnouncingVipOwner(Forwarder forwarder) {
        announcer = Announcer.start(arpInterfaces(forwarder));
        roles = new RoleTable(List.of(new Admission(forwarder), announcer.proxy()));
    }

    @Override
    public void vips(Map<InetAddress, String> instances) {
        roles.vips(instances);
    }

    @Override
    public void role(String instance, Role role) {
        roles.prefer(instance, role);
    }

    @Override
    public void close() {
        announcer.close();
    }

    private static List<ArpInterface> arpInterfaces(Forwarder forwarder) {
        List<ArpInterface> interfaces = new ArrayList<>();
        for (PortSnapshot port : forwarder.ports()) {
            interfaces.add(
                    new ArpInterface(port.name(), port.index(), MacAddress.parse(port.mac()), subnets(port.name())));
        }
        return interfaces;
    }

    private static List<Ipv4Subnet> subnets(String interfaceName) {
        List<Ipv4Subnet> subnets = new ArrayList<>();
        try {
            NetworkInterface known = NetworkInterface.getByName(interfaceName);
            if (known == null) {
                return subnets; // Java does not know interfaces without an address
            }
            for (InterfaceAddress own : known.getInterfaceAddresses()) {
                if (own.getAddress() instanceof Inet4Address address) {
                    subnets.add(Ipv4Subnet.of(address, own.getNetworkPrefixLength()));
                }
            }
        } catch (SocketException e) {
            throw new StartException("the addresses of " + interfaceName + " cannot be read (" + e + ")", e);
        }
        return subnets;
    }

    private record Admission(Forwarder forwarder) implements RoleListener {
        @Override
        public void onMaster(Set<InetAddress> vips) {
            vips.forEach(vip -> forwarder.admitNewFlows(vip, true));
        }

        @Override
        public void onBackup(Set<InetAddress> vips) {
            vips.forEach(vip -> forwarder.admitNewFlows(vip, false));
        }

        @Override
        public void onReleased(InetAddress vip) {
            // The next service of this VIP is told its role before it is announced.
            forwarder.admitNewFlows(vip, true);
        }
    }
}
