package io.gatun.kube.ipam;

import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Answers all requests at once. What is held is kept first, so that nobody loses an address to a newcomer; then fixed
 * addresses are given, then those of pools, the lowest that fits.
 */
public final class Ipam {
    private final Pools pools;
    private final boolean unique;
    private final Book book = new Book();
    /** Where the last search of a pool for certain ports ended: below it nothing gets free within one plan. */
    private final Map<Search, Optional<Place>> searches = new HashMap<>();

    private record Search(Family family, String pool, Set<PortUse> ports) {}

    private record Place(int range, IpAddress address) {}

    private Ipam(Pools pools, boolean unique) {
        this.pools = pools;
        this.unique = unique;
    }

    /**
     * The addresses of all.
     *
     * @param unique whether an address of a pool belongs to one Service; otherwise Services share it until a port of
     *     theirs collides
     * @return for each request, by its Service, the answers to its wishes in their order
     */
    public static Map<String, List<Grant>> plan(Pools pools, boolean unique, Collection<AddressRequest> requests) {
        return new Ipam(pools, unique)
                .plan(requests.stream().sorted(AddressRequest.BY_AGE).toList());
    }

    private Map<String, List<Grant>> plan(List<AddressRequest> requests) {
        Map<String, Grant[]> grants = new TreeMap<>();
        requests.forEach(request ->
                grants.put(request.service(), new Grant[request.wishes().size()]));
        // Fixed ones first: who no longer names an address that others name has to leave it to them.
        requests.forEach(request -> keep(request, grants.get(request.service()), true));
        requests.forEach(request -> keep(request, grants.get(request.service()), false));
        // A Service whose new port is taken by a neighbour on its address has to go elsewhere, not the neighbour.
        for (AddressRequest request : requests) {
            Grant[] kept = grants.get(request.service());
            for (int i = 0; i < kept.length; i++) {
                if (kept[i] instanceof Grant.Address held
                        && !grow(request, request.wishes().get(i), held.value())) {
                    kept[i] = null;
                }
            }
        }
        for (AddressRequest request : requests) {
            answer(request, grants.get(request.service()), true);
        }
        for (AddressRequest request : requests) {
            answer(request, grants.get(request.service()), false);
        }
        Map<String, List<Grant>> answers = new TreeMap<>();
        grants.forEach((service, each) -> answers.put(service, new ArrayList<>(Arrays.asList(each))));
        return answers;
    }

    private void keep(AddressRequest request, Grant[] grants, boolean fixed) {
        for (int i = 0; i < grants.length; i++) {
            Wish wish = request.wishes().get(i);
            if (wish.fixed().isPresent() == fixed) {
                grants[i] = keep(request, wish);
            }
        }
    }

    private Grant keep(AddressRequest request, Wish wish) {
        Optional<IpAddress> held = wish.held().filter(address -> permitted(wish, address));
        if (held.isEmpty()) {
            return null;
        }
        Set<PortUse> ports = common(request);
        boolean pooled = wish.fixed().isEmpty();
        if (!book.free(held.get(), ports) || (unique && !book.freeAlone(held.get(), pooled))) {
            return null;
        }
        book.add(held.get(), ports, pooled);
        return new Grant.Address(held.get(), true);
    }

    private boolean permitted(Wish wish, IpAddress address) {
        return address.family() == wish.family()
                && wish.fixed().map(address::equals).orElseGet(() -> pools.contains(wish.pool(), address));
    }

    /** The ports that were held and are still wanted. */
    private static Set<PortUse> common(AddressRequest request) {
        return request.ports().stream().filter(request.heldPorts()::contains).collect(Collectors.toUnmodifiableSet());
    }

    private boolean grow(AddressRequest request, Wish wish, IpAddress address) {
        Set<PortUse> more = request.ports().stream()
                .filter(port -> !request.heldPorts().contains(port))
                .collect(Collectors.toUnmodifiableSet());
        if (book.free(address, more)) {
            book.addPorts(address, more);
            return true;
        }
        book.remove(address, common(request), wish.fixed().isEmpty());
        return false;
    }

    private void answer(AddressRequest request, Grant[] grants, boolean fixed) {
        for (int i = 0; i < grants.length; i++) {
            Wish wish = request.wishes().get(i);
            if (grants[i] == null && wish.fixed().isPresent() == fixed) {
                grants[i] = fixed ? fixed(request, wish.fixed().get()) : pooled(request, wish);
            }
        }
    }

    private Grant fixed(AddressRequest request, IpAddress address) {
        if (!book.free(address, request.ports()) || (unique && !book.freeAlone(address, false))) {
            return new Grant.Refused(
                    Grant.Refused.TAKEN,
                    "address " + address + " with ports " + text(request.ports())
                            + " is in use by another Service, ask for another address or other ports");
        }
        book.add(address, request.ports(), false);
        return new Grant.Address(address, false);
    }

    private Grant pooled(AddressRequest request, Wish wish) {
        Optional<List<AddressRange>> ranges = pools.ranges(wish.family(), wish.pool());
        if (ranges.isEmpty()) {
            return new Grant.Refused(
                    Grant.Refused.NO_POOL,
                    "there is no pool " + wish.pool() + " of " + wish.family().text() + " addresses, name one of "
                            + pools.names() + ", or start the controller with such a pool");
        }
        Optional<IpAddress> address = search(request.ports(), wish, ranges.get());
        if (address.isEmpty()) {
            return new Grant.Refused(
                    Grant.Refused.EXHAUSTED,
                    "pool " + wish.pool() + " of " + wish.family().text() + " addresses (" + text(ranges.get())
                            + ") has none left for ports " + text(request.ports())
                            + ", delete a Service or start the controller with a larger pool");
        }
        book.add(address.get(), request.ports(), true);
        return new Grant.Address(address.get(), false);
    }

    private Optional<IpAddress> search(Set<PortUse> ports, Wish wish, List<AddressRange> ranges) {
        Search search = new Search(wish.family(), wish.pool(), unique ? Set.of() : ports);
        Optional<Place> place = searches.computeIfAbsent(
                search, ignored -> Optional.of(new Place(0, ranges.getFirst().first())));
        while (place.isPresent()) {
            Place at = place.get();
            Optional<IpAddress> address = ranges.get(at.range()).from(at.address());
            if (address.isPresent()) {
                if (unique ? book.unused(address.get()) : book.free(address.get(), ports)) {
                    searches.put(search, Optional.of(new Place(at.range(), address.get())));
                    return address;
                }
                place = Optional.of(new Place(at.range(), address.get().plus(1)));
            } else {
                int next = at.range() + 1;
                place = next < ranges.size()
                        ? Optional.of(new Place(next, ranges.get(next).first()))
                        : Optional.empty();
            }
        }
        searches.put(search, Optional.empty());
        return Optional.empty();
    }

    private static String text(Collection<?> things) {
        return String.join(", ", things.stream().map(Object::toString).sorted().toList());
    }
}
