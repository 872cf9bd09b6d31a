package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the maps of the steering program shall hold: a pure function of the rules and of the node's addresses. */
record SteeringPlan(Map<InetAddress, Address> addresses, Set<Tuple> services, Set<Tuple> endpoints) {
    /** The ICMPv6 protocol number; {@link Protocol#ICMP} of an IPv6 address means this one. */
    private static final int ICMPV6 = 58;

    /** Flags of {@link Steering} and, with SNAT, the range of ports. */
    record Address(int flags, int portMin, int portMax) {
        Address with(int moreFlags) {
            return new Address(flags | moreFlags, portMin, portMax);
        }

        /** With SNAT; the ranges of several sources are joined to one. */
        Address withSource(Source source, boolean echo) {
            boolean first = (flags & Steering.SNAT) == 0;
            int hostEcho = first ? Steering.HOST_ECHO : flags & Steering.HOST_ECHO;
            return new Address(
                    (flags & ~Steering.HOST_ECHO) | Steering.SNAT | (echo ? 0 : hostEcho),
                    first ? source.portMin : Math.min(portMin, source.portMin),
                    first ? source.portMax : Math.max(portMax, source.portMax));
        }
    }

    /** An address, a port and an IP protocol; of ICMP the port is 0 and the protocol 1 or 58. */
    record Tuple(InetAddress address, int port, int protocol) {}

    /** An address that packets of a service get as their source, and the ports that go with it. */
    record Source(InetAddress address, int portMin, int portMax) {}

    /**
     * A service with the sources that its packets get: one for each family of its endpoints; none where the mode leaves
     * the source alone.
     */
    record Rule(ServiceSpec spec, List<Source> sources) {
        Rule {
            sources = List.copyOf(sources);
        }

        /** Whether a plan with the other rule of the same key is the same plan. */
        boolean steersAs(Rule other) {
            return spec.mode() == other.spec.mode()
                    && sources.equals(other.sources)
                    && (spec.mode() != NatMode.DNAT || spec.endpoints().equals(other.spec.endpoints()));
        }
    }

    static SteeringPlan empty() {
        return new SteeringPlan(Map.of(), Set.of(), Set.of());
    }

    /**
     * Plans for one interface. The pair gatun0/gatun1 gets the same plan.
     *
     * @param node all addresses of the node, of both families and every interface
     * @throws RejectedException CAPACITY when port ranges need more entries than the maps have room for
     */
    static SteeringPlan of(Collection<Rule> rules, Collection<InetAddress> node) {
        return new Draft(node).plan(rules);
    }

    /** A plan while it is being made. */
    private static final class Draft {
        private static final Address NOTHING = new Address(0, 0, 0);

        private final Set<InetAddress> own = new LinkedHashSet<>();
        private final Map<InetAddress, Address> addresses = new HashMap<>();
        private final Tuples services = new Tuples("services");
        private final Tuples endpoints = new Tuples("endpoints");

        /** Loopback addresses never come in; link-local ones of IPv6 are the host's without being told. */
        Draft(Collection<InetAddress> node) {
            for (InetAddress address : node) {
                boolean local = address instanceof Inet6Address && address.isLinkLocalAddress();
                if (!local && !address.isLoopbackAddress()) {
                    own.add(address);
                    addresses.put(address, NOTHING.with(Steering.LOCAL));
                }
            }
        }

        SteeringPlan plan(Collection<Rule> rules) {
            for (Rule rule : rules) {
                vips(rule.spec);
                switch (rule.spec.mode()) {
                    case DNAT -> {
                        endpoints(rule.spec);
                        sources(rule); // of NAT64
                    }
                    case ONE_ARM, FULL_NAT, HOST_ONE_ARM -> sources(rule);
                    case DSR, FULL_PROXY -> {} // the answers do not come through us
                }
            }
            return new SteeringPlan(addresses, services.all, endpoints.all);
        }

        private void vips(ServiceSpec spec) {
            ServiceKey key = spec.key();
            if (spec.mode() == NatMode.HOST_ONE_ARM && key.vip().isAnyLocalAddress()) {
                for (InetAddress address : own) {
                    if (sameFamily(address, key.vip()) && !address.isLinkLocalAddress()) {
                        shared(address, spec);
                    }
                }
            } else if (own.contains(key.vip())) {
                shared(key.vip(), spec);
            } else {
                addresses.put(key.vip(), NOTHING.with(Steering.OWN_ALL));
            }
        }

        private void shared(InetAddress vip, ServiceSpec spec) {
            addresses.computeIfPresent(vip, (address, known) -> known.with(Steering.SERVICES));
            services.add(vip, spec.key(), spec.key().port(), spec.key().portMax());
        }

        /** Replies come to the source: all of it is ours, or, where it is the node's own, a range of its ports. */
        private void sources(Rule rule) {
            boolean echo = rule.spec.key().protocol() == Protocol.ICMP;
            for (Source source : rule.sources) {
                if (own.contains(source.address)) {
                    addresses.computeIfPresent(source.address, (address, known) -> known.withSource(source, echo));
                } else {
                    addresses.put(source.address, NOTHING.with(Steering.OWN_ALL));
                }
            }
        }

        /** Replies come to the client, from the port that the client's packets went to: port 0 keeps the service's. */
        private void endpoints(ServiceSpec spec) {
            ServiceKey key = spec.key();
            for (EndpointSpec endpoint : spec.endpoints()) {
                if (!sameFamily(endpoint.address(), key.vip())) {
                    continue; // NAT64: no client has an address of this family, so the source is ours
                }
                boolean kept = endpoint.port() == 0;
                int first = kept ? key.port() : endpoint.port();
                endpoints.add(endpoint.address(), key, first, kept ? key.portMax() : first);
            }
        }
    }

    /** Tuples of both families, each within the room of its map. */
    private static final class Tuples {
        private final String what;
        private final Set<Tuple> all = new HashSet<>();
        private int ipv4;

        Tuples(String what) {
            this.what = what;
        }

        void add(InetAddress address, ServiceKey key, int first, int last) {
            boolean isIpv4 = address instanceof Inet4Address;
            int protocol = key.protocol() == Protocol.ICMP && !isIpv4
                    ? ICMPV6
                    : key.protocol().number();
            for (int port = first; port <= last; port++) {
                if (all.add(new Tuple(address, port, protocol)) && isIpv4) {
                    ipv4++;
                }
                if ((isIpv4 ? ipv4 : all.size() - ipv4) > Steering.TUPLES_MAX) {
                    throw full(address, key);
                }
            }
        }

        private RejectedException full(InetAddress address, ServiceKey key) {
            return new RejectedException(
                    RejectedException.Kind.CAPACITY,
                    "port=" + key.port() + "-" + key.portMax() + " of " + key + ", steering " + what + " at "
                            + AddressText.of(address) + " would need more than " + Steering.TUPLES_MAX
                            + " entries, one for each port: narrow the range" + cure());
        }

        private String cure() {
            return what.equals("services")
                    ? ", or use a VIP that is no address of the node"
                    : ", give targetPort, or use a mode that changes the source";
        }
    }

    private static boolean sameFamily(InetAddress a, InetAddress b) {
        return a instanceof Inet4Address == b instanceof Inet4Address;
    }

    /** Carries out what differs between the plan in force and this one: additions first, so that nothing falls between. */
    void apply(SteeringPlan inForce, Steering steering) {
        addresses.forEach((address, wanted) -> {
            if (!wanted.equals(inForce.addresses.get(address))) {
                steering.putAddress(address, wanted.flags, wanted.portMin, wanted.portMax);
            }
        });
        for (Tuple tuple : missing(services, inForce.services)) {
            steering.putService(tuple.address, tuple.port, tuple.protocol);
        }
        for (Tuple tuple : missing(endpoints, inForce.endpoints)) {
            steering.putEndpoint(tuple.address, tuple.port, tuple.protocol);
        }
        withdraw(inForce, steering);
    }

    private void withdraw(SteeringPlan inForce, Steering steering) {
        for (InetAddress address : inForce.addresses.keySet()) {
            if (!addresses.containsKey(address)) {
                steering.removeAddress(address);
            }
        }
        for (Tuple tuple : missing(inForce.services, services)) {
            steering.removeService(tuple.address, tuple.port, tuple.protocol);
        }
        for (Tuple tuple : missing(inForce.endpoints, endpoints)) {
            steering.removeEndpoint(tuple.address, tuple.port, tuple.protocol);
        }
    }

    private static List<Tuple> missing(Set<Tuple> tuples, Set<Tuple> from) {
        List<Tuple> missing = new ArrayList<>();
        for (Tuple tuple : tuples) {
            if (!from.contains(tuple)) {
                missing.add(tuple);
            }
        }
        return missing;
    }
}
