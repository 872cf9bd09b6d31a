package io.gatun.kube.ipam;

import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The addresses that may be handed out, by the name of their pool.
 *
 * @param ipv4 ranges of IPv4
 * @param ipv6 ranges of IPv6
 */
public record Pools(Map<String, List<AddressRange>> ipv4, Map<String, List<AddressRange>> ipv6) {
    /** The pool of Services that name none. */
    public static final String DEFAULT = "defaultPool";

    /**
     * Reads a list such as {@code defaultPool=192.168.80.200/32,other=10.0.0.5-10.0.0.9}. What has no name belongs to the
     * default pool; a name may come again.
     *
     * @param field what the list is called in {@code problems}
     * @param problems gets a sentence for each part that cannot be read
     */
    public static Map<String, List<AddressRange>> parse(
            String field, String text, Family family, List<String> problems) {
        Map<String, List<AddressRange>> pools = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            String entry = part.strip();
            int equals = entry.indexOf('=');
            String name = equals < 0 ? DEFAULT : entry.substring(0, equals).strip();
            Optional<AddressRange> range =
                    AddressRange.parse(entry.substring(equals + 1).strip()).filter(each -> each.family() == family);
            if (range.isEmpty() || name.isEmpty()) {
                problems.add(field + "=" + entry + " is not a pool of " + family.text() + " addresses, give "
                        + (family == Family.IPV4
                                ? "name=192.168.80.200/29 or name=192.168.80.200-192.168.80.207"
                                : "name=2001:db8::200/125 or name=2001:db8::200-2001:db8::207"));
            } else {
                pools.computeIfAbsent(name, ignored -> new ArrayList<>()).add(range.get());
            }
        }
        return pools;
    }

    /** The ranges of a pool, or empty when there is no pool of this name. */
    public Optional<List<AddressRange>> ranges(Family family, String name) {
        return Optional.ofNullable((family == Family.IPV4 ? ipv4 : ipv6).get(name));
    }

    /** Whether the pool has the address. */
    public boolean contains(String name, IpAddress address) {
        return ranges(address.family(), name).stream().flatMap(List::stream).anyMatch(range -> range.contains(address));
    }

    /** How many addresses a pool has. */
    public BigInteger size(Family family, String name) {
        return ranges(family, name).stream()
                .flatMap(List::stream)
                .map(AddressRange::size)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** All names, for a sentence. */
    public String names() {
        TreeSet<String> names = new TreeSet<>(ipv4.keySet());
        names.addAll(ipv6.keySet());
        return String.join(", ", names);
    }
}
