package io.gatun.api.access;

/**
 * What the API bears.
 *
 * @param connections at a time
 * @param connectionsPerSource of these from one source; of IPv6 that is a /64
 * @param requestsPerSecond of one source on average, of which two seconds' worth may come at once
 * @param headMs from the first byte of a request to the last one of its head, or from the begin of the connection
 * @param changeMs in which a request that changes something is sent and answered
 */
public record ApiLimits(int connections, int connectionsPerSource, int requestsPerSecond, int headMs, int changeMs) {
    public static final ApiLimits DEFAULT = new ApiLimits(1024, 128, 2000);

    /** With the usual times. */
    public ApiLimits(int connections, int connectionsPerSource, int requestsPerSecond) {
        this(connections, connectionsPerSource, requestsPerSecond, 10_000, 30_000);
    }
}
