package io.gatun.forwarder.agent;

import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.nat.PortSpace;
import java.net.Inet4Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the maps of the steering program shall hold: a pure function of the rules and of the node's addresses. */
record SteeringPlan(Map<Integer, Address> addresses, Set<Tuple> services, Set<Tuple> endpoints) {
    /** Flags of {@link Steering} and, with SNAT, the range of ports. */
    record Address(int flags, int portMin, int portMax) {
        Address with(int moreFlags) {
            return new Address(flags | moreFlags, portMin, portMax);
        }

        Address withPorts(PortSpace ports) {
            return new Address(flags | Steering.SNAT | Steering.HOST_ECHO, ports.first(), ports.last());
        }
    }

    /** An address, a port and an IP protocol. */
    record Tuple(int address, int port, int protocol) {}

    private static final Address NOTHING = new Address(0, 0, 0);

    static SteeringPlan empty() {
        return new SteeringPlan(Map.of(), Set.of(), Set.of());
    }

    static SteeringPlan of(ServiceBook book, NodeAddresses node) {
        Map<Integer, Address> addresses = new HashMap<>();
        Set<Tuple> services = new HashSet<>();
        Set<Tuple> endpoints = new HashSet<>();
        for (int own : node.own()) {
            addresses.put(own, NOTHING.with(Steering.LOCAL));
        }
        for (ServiceBook.Entry entry : book.entries()) {
            ServiceSpec spec = entry.spec();
            int protocol = spec.key().protocol().number();
            int vip = Ipv4.toInt((Inet4Address) spec.key().vip());
            if (node.isOwn(vip)) {
                addresses.merge(vip, NOTHING, (known, none) -> known.with(Steering.SERVICES));
                services.add(new Tuple(vip, spec.key().port(), protocol));
            } else {
                addresses.put(vip, NOTHING.with(Steering.OWN_ALL));
            }
            if (spec.mode() == NatMode.DNAT) {
                addEndpoints(endpoints, spec, protocol);
            } else {
                addSource(addresses, entry.snat(), node);
            }
        }
        return new SteeringPlan(addresses, services, endpoints);
    }

    /** Replies come to the source address: all of it is ours, or, where it is the node's own, a range of its ports. */
    private static void addSource(Map<Integer, Address> addresses, SnatChoice snat, NodeAddresses node) {
        if (node.isOwn(snat.address())) {
            addresses.computeIfPresent(snat.address(), (address, known) -> known.withPorts(snat.ports()));
        } else {
            addresses.put(snat.address(), NOTHING.with(Steering.OWN_ALL));
        }
    }

    private static void addEndpoints(Set<Tuple> endpoints, ServiceSpec spec, int protocol) {
        for (EndpointSpec endpoint : spec.endpoints()) {
            endpoints.add(new Tuple(Ipv4.toInt((Inet4Address) endpoint.address()), endpoint.port(), protocol));
        }
    }

    /** Carries out what differs between the plan in force and this one: additions first, so that nothing falls between. */
    void apply(SteeringPlan inForce, Steering steering) {
        addresses.forEach((address, wanted) -> {
            if (!wanted.equals(inForce.addresses.get(address))) {
                steering.putAddress(Ipv4.toAddress(address), wanted.flags, wanted.portMin, wanted.portMax);
            }
        });
        for (Tuple tuple : services) {
            if (!inForce.services.contains(tuple)) {
                steering.putService(Ipv4.toAddress(tuple.address), tuple.port, tuple.protocol);
            }
        }
        for (Tuple tuple : endpoints) {
            if (!inForce.endpoints.contains(tuple)) {
                steering.putEndpoint(Ipv4.toAddress(tuple.address), tuple.port, tuple.protocol);
            }
        }
        withdraw(inForce, steering);
    }

    private void withdraw(SteeringPlan inForce, Steering steering) {
        for (int address : inForce.addresses.keySet()) {
            if (!addresses.containsKey(address)) {
                steering.removeAddress(Ipv4.toAddress(address));
            }
        }
        for (Tuple tuple : inForce.services) {
            if (!services.contains(tuple)) {
                steering.removeService(Ipv4.toAddress(tuple.address), tuple.port, tuple.protocol);
            }
        }
        for (Tuple tuple : inForce.endpoints) {
            if (!endpoints.contains(tuple)) {
                steering.removeEndpoint(Ipv4.toAddress(tuple.address), tuple.port, tuple.protocol);
            }
        }
    }
}
