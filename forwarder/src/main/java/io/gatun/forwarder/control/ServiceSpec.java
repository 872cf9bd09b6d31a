package io.gatun.forwarder.control;

import java.net.InetAddress;
import java.util.List;

/**
 * A service as asked for.
 *
 * @param key VIP, protocol and ports
 * @param name free text shown with its connections, may be empty
 * @param mode how its packets are rewritten
 * @param selection how an endpoint is chosen
 * @param idleTimeoutS seconds without a packet after which an established connection is forgotten, 1-86400
 * @param endpoints 1 to 32, in the order in which round robin visits them
 * @param privateAddress source of full-NAT traffic instead of the VIP, or null
 * @param allowedSources networks whose packets are served; empty for all
 */
public record ServiceSpec(
        ServiceKey key,
        String name,
        NatMode mode,
        Selection selection,
        int idleTimeoutS,
        List<EndpointSpec> endpoints,
        InetAddress privateAddress,
        List<SourcePrefix> allowedSources) {
    /** loxilb's limit, contract section 3.3. */
    public static final int ENDPOINTS_MAX = 32;

    public ServiceSpec {
        endpoints = List.copyOf(endpoints);
        allowedSources = List.copyOf(allowedSources);
    }

    /** Without a private address, for everybody. */
    public ServiceSpec(
            ServiceKey key,
            String name,
            NatMode mode,
            Selection selection,
            int idleTimeoutS,
            List<EndpointSpec> endpoints) {
        this(key, name, mode, selection, idleTimeoutS, endpoints, null, List.of());
    }
}
