package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import io.gatun.forwarder.sys.netlink.NetworkRequests;
import java.net.InetAddress;
import java.util.function.Consumer;

/** Addresses of the host's links, as the kernel has them. Any thread, in the network namespace of which it works. */
final class HostAddresses {
    private HostAddresses() {}

    /** Whether the link did not have it already. */
    static boolean add(int ifindex, InetAddress address, int prefixLength) {
        return request(
                requests -> requests.addAddress(ifindex, address, prefixLength), Errno.EEXIST, address, prefixLength);
    }

    /** Whether the link had it. */
    static boolean remove(int ifindex, InetAddress address, int prefixLength) {
        return request(
                requests -> requests.deleteAddress(ifindex, address, prefixLength),
                Errno.EADDRNOTAVAIL,
                address,
                prefixLength);
    }

    private static boolean request(
            Consumer<NetworkRequests> change, int alreadySo, InetAddress address, int prefixLength) {
        try (NetworkRequests requests = NetworkRequests.open(Libc.system())) {
            change.accept(requests);
            return true;
        } catch (SysException e) {
            if (e.errno() == alreadySo) {
                return false;
            }
            throw RejectedException.invalid(
                    "ipAddress",
                    AddressText.of(address) + "/" + prefixLength,
                    "the kernel refuses it (" + Errno.describe(e.errno())
                            + "), give an address that the link can have");
        }
    }
}
