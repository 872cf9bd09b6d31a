package io.gatun.kube.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random histories: Services come, change their ports or their wishes, and go. */
class IpamProperties {
    private final Pools pools = new Pools(
            Pools.parse("a", "10.0.0.1-10.0.0.4,other=10.0.0.3-10.0.0.6", Family.IPV4, new ArrayList<>()),
            Pools.parse("a", "2001:db8::1-2001:db8::3", Family.IPV6, new ArrayList<>()));

    /** One step: a Service gets these ports and wishes; without ports it goes. */
    record Step(int service, Set<PortUse> ports, boolean dual, String pool, Optional<IpAddress> fixed) {}

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Set<PortUse>> ports = Combinators.combine(Arbitraries.of(80, 443, 53), Arbitraries.of("tcp", "udp"))
                .as(PortUse::new)
                .set()
                .ofMinSize(0)
                .ofMaxSize(3);
        Arbitrary<Optional<IpAddress>> fixed =
                Arbitraries.of("", "", "", "10.0.0.2", "10.0.0.9").map(IpAddress::parse);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 11),
                        ports,
                        Arbitraries.of(true, false),
                        Arbitraries.of(Pools.DEFAULT, "other"),
                        fixed)
                .as(Step::new);
    }

    @Property(tries = 400)
    void noPortIsHandedOutTwiceAndARestartChangesNothing(
            @ForAll("histories") List<Step> history, @ForAll boolean unique) {
        Map<Integer, Step> present = new TreeMap<>();
        Map<Integer, List<IpAddress>> held = new TreeMap<>();
        Map<Integer, Set<PortUse>> heldPorts = new TreeMap<>();
        for (Step step : history) {
            if (step.ports().isEmpty()) {
                present.remove(step.service());
                held.remove(step.service());
                heldPorts.remove(step.service());
            } else {
                present.put(step.service(), step);
            }
            Map<String, List<Grant>> grants = Ipam.plan(pools, unique, requests(present, held, heldPorts));
            undisturbed(step.service(), present, held, grants);
            present.keySet().forEach(service -> {
                held.put(service, addresses(grants, service));
                heldPorts.put(service, present.get(service).ports());
            });
            exclusive(grants, present, unique);
            Map<String, List<Grant>> again = Ipam.plan(pools, unique, requests(present, held, heldPorts));
            present.keySet().forEach(service -> assertEquals(held.get(service), addresses(again, service)));
        }
        present.clear();
        held.clear();
        lowestAgain(unique);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return steps().list().ofMinSize(1).ofMaxSize(40);
    }

    private static String name(int service) {
        return "default/s" + service;
    }

    private static List<AddressRequest> requests(
            Map<Integer, Step> present, Map<Integer, List<IpAddress>> held, Map<Integer, Set<PortUse>> heldPorts) {
        List<AddressRequest> requests = new ArrayList<>();
        present.forEach((service, step) -> {
            List<Wish> wishes = new ArrayList<>();
            wishes.add(new Wish(Family.IPV4, step.pool(), step.fixed(), of(held.get(service), Family.IPV4)));
            if (step.dual()) {
                wishes.add(new Wish(Family.IPV6, Pools.DEFAULT, Optional.empty(), of(held.get(service), Family.IPV6)));
            }
            requests.add(new AddressRequest(
                    name(service), "same", step.ports(), heldPorts.getOrDefault(service, Set.of()), wishes));
        });
        return requests;
    }

    private static Optional<IpAddress> of(List<IpAddress> held, Family family) {
        return held == null
                ? Optional.empty()
                : held.stream().filter(address -> address.family() == family).findFirst();
    }

    private static List<IpAddress> addresses(Map<String, List<Grant>> grants, int service) {
        return grants.get(name(service)).stream()
                .flatMap(grant -> grant.address().stream())
                .toList();
    }

    /** Who was not touched keeps what it has, and may only get what it lacked. */
    private static void undisturbed(
            int touched,
            Map<Integer, Step> present,
            Map<Integer, List<IpAddress>> held,
            Map<String, List<Grant>> grants) {
        present.keySet().stream()
                .filter(service -> service != touched && held.containsKey(service))
                .forEach(service -> assertTrue(addresses(grants, service).containsAll(held.get(service))));
    }

    private void exclusive(Map<String, List<Grant>> grants, Map<Integer, Step> present, boolean unique) {
        Set<String> taken = new HashSet<>();
        Set<IpAddress> pooled = new HashSet<>();
        Set<IpAddress> used = new HashSet<>();
        present.forEach((service, step) -> {
            for (IpAddress address : addresses(grants, service)) {
                step.ports().forEach(port -> assertTrue(taken.add(address + " " + port), address + " " + port));
                boolean fixed = step.fixed().isPresent() && address.family() == Family.IPV4;
                if (fixed) {
                    assertEquals(step.fixed().orElseThrow(), address);
                } else {
                    assertTrue(pools.contains(address.family() == Family.IPV6 ? Pools.DEFAULT : step.pool(), address));
                }
                boolean first = used.add(address);
                if (unique && !fixed) {
                    assertTrue(first && pooled.add(address), "not unique: " + address);
                }
                if (unique && fixed) {
                    assertTrue(!pooled.contains(address), "not unique: " + address);
                }
            }
        });
    }

    private void lowestAgain(boolean unique) {
        Wish wish = new Wish(Family.IPV4, Pools.DEFAULT, Optional.empty(), Optional.empty());
        Map<String, List<Grant>> grants = Ipam.plan(
                pools,
                unique,
                List.of(new AddressRequest("a", "", Set.of(new PortUse(80, "tcp")), Set.of(), List.of(wish))));
        assertEquals(
                "10.0.0.1", grants.get("a").getFirst().address().orElseThrow().toString());
    }
}
