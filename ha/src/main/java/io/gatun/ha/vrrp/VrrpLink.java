package io.gatun.ha.vrrp;

import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.IpSubnet;
import io.gatun.ha.wire.MacAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The interface that adverts go through, by the addresses that it has when it is asked. */
final class VrrpLink {
    private static final long LINK_LOCAL = 0xfe80_0000_0000_0000L;
    private static final long LINK_LOCAL_MASK = 0xffc0_0000_0000_0000L;

    private VrrpLink() {}

    /**
     * A wire on this interface as it is now: it may have been deleted and made anew.
     *
     * @param peers of the family of the group, or none
     * @throws io.gatun.forwarder.sys.SysException when sockets cannot be opened
     * @return empty while the interface or an address of it is missing
     */
    static Optional<VrrpWire> open(String interfaceName, IpAddress group, List<IpAddress> peers) {
        try {
            NetworkInterface link = NetworkInterface.getByName(interfaceName);
            if (link == null) {
                return Optional.empty();
            }
            IpAddress source = source(link.getInterfaceAddresses(), group, peers);
            return source == null
                    ? Optional.empty()
                    : Optional.of(RawVrrpWire.open(interfaceName, link.getIndex(), source, group, mac(link)));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static MacAddress mac(NetworkInterface link) throws SocketException {
        byte[] mac = link.getHardwareAddress();
        return mac == null ? null : MacAddress.parse(HexFormat.ofDelimiter(":").formatHex(mac));
    }

    /**
     * To peers the address in the subnet of the first, or else the first that is not link-local; to the group the first
     * of IPv4 and the link-local one of IPv6 (RFC 9568 section 5.1.2.1). Null when there is none.
     */
    static IpAddress source(List<InterfaceAddress> own, IpAddress group, List<IpAddress> peers) {
        IpAddress best = null;
        int bestRank = 0;
        for (InterfaceAddress each : own) {
            IpAddress address = IpAddress.of(each.getAddress());
            if (address.isIpv4() == group.isIpv4()) {
                int rank = rank(IpSubnet.of(each.getAddress(), each.getNetworkPrefixLength()), peers);
                if (rank > bestRank) {
                    best = address;
                    bestRank = rank;
                }
            }
        }
        return best;
    }

    private static int rank(IpSubnet own, List<IpAddress> peers) {
        boolean linkLocal = (own.address().high() & LINK_LOCAL_MASK) == LINK_LOCAL;
        if (peers.isEmpty()) {
            return linkLocal || own.address().isIpv4() ? 2 : 0;
        }
        if (own.contains(peers.getFirst())) {
            return 3;
        }
        return linkLocal ? 1 : 2;
    }
}
