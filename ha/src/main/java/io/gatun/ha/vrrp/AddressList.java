package io.gatun.ha.vrrp;

import io.gatun.ha.wire.IpAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The addresses of a virtual router, of one family, in rising order: nodes with the same rules list the same.
 *
 * @param addresses as many as an advert carries; those beyond are shared all the same
 */
record AddressList(List<IpAddress> addresses) {
    /** What fits into a frame of Ethernet behind both headers. */
    private static final int IPV6_MAX = (1500 - 40 - VrrpFlyweight.HEADER_BYTES) / 16;

    private static final Comparator<IpAddress> RISING = (left, right) -> {
        int order = Long.compareUnsigned(left.high(), right.high());
        return order != 0 ? order : Long.compareUnsigned(left.low(), right.low());
    };

    /** Of those of all families that are of this one. */
    static AddressList of(Collection<IpAddress> all, boolean ipv6) {
        return new AddressList(all.stream()
                .filter(address -> address.isIpv4() != ipv6 && !address.isUnspecified())
                .distinct()
                .sorted(RISING)
                .limit(ipv6 ? IPV6_MAX : VrrpFlyweight.ADDRESSES_MAX)
                .toList());
    }

    boolean isEmpty() {
        return addresses.isEmpty();
    }

    int size() {
        return addresses.size();
    }

    /** Whether the advert lists the same addresses, in whatever order. */
    boolean isIn(VrrpFlyweight advert) {
        if (advert.addressCount() != addresses.size()) {
            return false;
        }
        for (int i = 0; i < addresses.size(); i++) {
            if (!lists(advert, addresses.get(i), i)) {
                return false;
            }
        }
        return true;
    }

    /** Looks first where it stands when the other node sorts as we do. */
    private static boolean lists(VrrpFlyweight advert, IpAddress address, int likely) {
        if (isAt(advert, likely, address)) {
            return true;
        }
        for (int i = 0; i < advert.addressCount(); i++) {
            if (isAt(advert, i, address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(VrrpFlyweight advert, int index, IpAddress address) {
        return address.isIpv4()
                ? advert.addressIpv4(index) == address.ipv4()
                : advert.addressHigh(index) == address.high() && advert.addressLow(index) == address.low();
    }

    /** Writes them behind the header of an advert. @return the length of the advert in bytes */
    int writeTo(VrrpFlyweight advert) {
        int addressBytes = 0;
        for (int i = 0; i < addresses.size(); i++) {
            IpAddress address = addresses.get(i);
            if (address.isIpv4()) {
                advert.addressIpv4(i, address.ipv4());
                addressBytes += Integer.BYTES;
            } else {
                advert.address(i, address.high(), address.low());
                addressBytes += 2 * Long.BYTES;
            }
        }
        return VrrpFlyweight.HEADER_BYTES + addressBytes;
    }
}
