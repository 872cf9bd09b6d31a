package io.gatun.forwarder.balance;

/** How a service spreads its new flows. */
public interface Policy {
    /** No endpoint may be used. */
    int NONE = -1;

    /**
     * Chooses for one new flow.
     *
     * @param flowHash hash of the client's tuple
     * @return index of an endpoint in the order of the service's spec, or {@link #NONE}
     */
    int choose(int flowHash);

    /** What {@link #choose} would say now; changes nothing. */
    int peek(int flowHash);

    /** Whether this endpoint may be given new flows. */
    boolean accepts(int endpoint);

    /** A flow has been opened to the endpoint with this number. */
    default void opened(int endpointId) {}

    /** A flow to the endpoint with this number has come to its end. */
    default void ended(int endpointId) {}
}
