package io.gatun.forwarder.control;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The data plane as its callers see it. Methods may be called from any thread; they return when the change is in force
 * on every agent (a packet sees the old rules or the new ones), normally well under 10 ms.
 */
public interface Forwarder extends AutoCloseable {
    /**
     * Begins to take packets. Services that are there already are in force from the first one on: a restarted node puts
     * its rules first, so that no packet of a living connection ever reaches the host's own stack.
     *
     * @throws RejectedException when the interface cannot be attached to
     */
    void attach();

    /**
     * Adds a service, or replaces the one with the same key. Connections to endpoints that stay are untouched.
     *
     * @throws RejectedException when it cannot be served (endpoint in no reachable network, unsupported mode, limit);
     *     then nothing has changed
     */
    default void put(ServiceSpec spec) {
        for (RejectedException rejected : putAll(List.of(spec)).values()) {
            throw rejected;
        }
    }

    /**
     * Adds or replaces services as {@link #put} does; faster than one by one, and all in force at the same moment.
     *
     * @param specs of different keys
     * @return those that cannot be served, and why, for which nothing has changed; the others are in force
     */
    Map<ServiceKey, RejectedException> putAll(Collection<ServiceSpec> specs);

    /**
     * Removes a service and its connections.
     *
     * @return false when there was none
     */
    default boolean remove(ServiceKey key) {
        return removeAll(List.of(key)) > 0;
    }

    /**
     * Removes services and their connections, all at the same moment.
     *
     * @return how many of them there were
     */
    int removeAll(Collection<ServiceKey> keys);

    /** All services, in the order in which they were first added. */
    List<ServiceSnapshot> services();

    /** The service with this key. */
    Optional<ServiceSnapshot> service(ServiceKey key);

    /** Up to {@code limit} directions of connections that are in the table now; two per connection. */
    List<ConnectionSnapshot> connections(int limit);

    /** The interfaces being served. */
    List<PortSnapshot> ports();

    /** Counter label to value: packets and bytes received and sent, and every drop reason. */
    Map<String, Long> counters();

    /**
     * The same of each agent, by its name, such as {@code eth0/0}; the exchange with other nodes is {@code sync}.
     */
    default Map<String, Map<String, Long>> agentCounters() {
        return Map.of();
    }

    /** What may be changed while packets flow, as it is. */
    default Settings settings() {
        return Settings.DEFAULT;
    }

    /**
     * Changes that. Agents follow when their next duty cycle begins.
     *
     * @throws RejectedException when it cannot be; then nothing has changed
     */
    default void settings(Settings wanted) {
        throw new UnsupportedOperationException("settings " + wanted);
    }

    /** How full the connection table is. */
    default TableFill fill() {
        return new TableFill(0, 0, 0, 0);
    }

    /** Where the source ports of services are from; not of those that leave the source as it is. */
    default Map<ServiceKey, NatSource> natSources() {
        return Map.of();
    }

    /** A few figures, cheap enough for being asked each millisecond. */
    default Activity activity() {
        return new Activity(0, 0, 0);
    }

    /** Of each agent that runs now. */
    default List<AgentPulse> pulses() {
        return List.of();
    }

    /**
     * Whether packets to VIPs that belong to no known flow may open one and are answered (RST, echo); of all of them from
     * the same moment on. A standby only forwards known flows. True for a VIP of which nothing was said; may be said
     * before the VIP has a service.
     *
     * @param allowed true on the node that owns the VIPs
     */
    void admitNewFlows(Set<InetAddress> vips, boolean allowed);

    /**
     * Says which endpoints are well from now on, in one step. An endpoint of which nothing was said is; what was said
     * stays while the endpoint stays in its service. About services and endpoints that are not there nothing is kept.
     */
    default void endpointHealth(List<EndpointHealth> changes) {
        throw new UnsupportedOperationException("health of " + changes);
    }

    /** What packets say of the endpoints of all services; cheap, for being asked every second. */
    default List<EndpointSignals> endpointSignals() {
        return List.of();
    }

    /**
     * Drops what comes from these networks from now on, in place of what was said before; a rule that was there goes on
     * counting. Endpoints may answer whatever is said of them.
     *
     * @param rules each network once
     */
    default void access(List<AccessRule> rules) {
        throw new UnsupportedOperationException("access " + rules);
    }

    /** What those rules dropped, in their order. */
    default List<AccessCount> accessCounts() {
        return List.of();
    }

    /**
     * Gives a link of this host an address.
     *
     * @return false when it had it already
     * @throws RejectedException when there is no such link or the kernel refuses
     */
    default boolean addAddress(String linkName, InetAddress address, int prefixLength) {
        throw new UnsupportedOperationException("add " + address + " to " + linkName);
    }

    /**
     * Takes an address from a link of this host.
     *
     * @return false when it was not there
     * @throws RejectedException when the kernel refuses
     */
    default boolean removeAddress(String linkName, InetAddress address, int prefixLength) {
        throw new UnsupportedOperationException("remove " + address + " from " + linkName);
    }

    /** Tells, from the live tables, what would become of a packet; changes nothing. */
    default Explanation explain(ExplainQuery query) {
        throw new UnsupportedOperationException("explain " + query);
    }

    /**
     * Shows the next real packets of a VIP, each as soon as it was decided over. Returns when there were as many as asked
     * for or the time is over; an interrupt of the caller or an exception of the sink ends it too. One trace at a time.
     *
     * @return packets shown
     * @throws RejectedException when another trace is running
     */
    default int trace(TraceQuery query, Consumer<TracedPacket> sink) {
        throw new UnsupportedOperationException("trace " + query);
    }

    /**
     * Changes the packet I/O engine of an interface while packets flow; the connections stay.
     *
     * @throws RejectedException when there is no such interface here or it cannot have this engine
     */
    default void switchEngine(String interfaceName, IoEngine engine) {
        throw new UnsupportedOperationException("switch " + interfaceName + " to " + engine);
    }

    /**
     * Where connections go to other nodes and come from them. For one thread, which has ended before {@link #close}.
     *
     * @throws IllegalStateException when this forwarder was set up without
     */
    default ConnectionExchange exchange() {
        throw new IllegalStateException("connections are not exchanged");
    }

    /** Tells what becomes of the links of served interfaces from now on. One listener. */
    default void onLinks(LinkListener listener) {
        // Without links there is nothing to tell.
    }

    /** Stops the agents, detaches what was attached, and returns when all is gone. The connection table stays. */
    @Override
    void close();
}
