package io.gatun.kube.ipam;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What a Service asks for.
 *
 * @param service its name, unlike all others
 * @param created when, in a form that sorts; the older one keeps what two hold
 * @param ports that it takes on each of its addresses
 * @param heldPorts that it took so far on the addresses it holds
 * @param wishes one for each address
 */
public record AddressRequest(
        String service, String created, Set<PortUse> ports, Set<PortUse> heldPorts, List<Wish> wishes) {
    /** The oldest first. */
    static final Comparator<AddressRequest> BY_AGE =
            Comparator.comparing(AddressRequest::created).thenComparing(AddressRequest::service);
}
