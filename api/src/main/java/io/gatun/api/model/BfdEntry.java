package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A BFD session on the wire.
 *
 * @param instance {@code default}, or {@code llb-inst0}, which is the same
 * @param sourceIp empty or {@code 0.0.0.0} where the kernel chooses
 * @param port UDP; 0 for 3784
 * @param interval microseconds between packets; 0 for 100000
 * @param retryCount packets in a row that must be missed; 0 for 3
 * @param state in answers only
 */
public record BfdEntry(
        String instance,
        String remoteIp,
        String sourceIp,
        int port,
        long interval,
        int retryCount,
        @JsonInclude(JsonInclude.Include.NON_NULL) String state) {
    public BfdEntry {
        instance = Json.orEmpty(instance);
        remoteIp = Json.orEmpty(remoteIp);
        sourceIp = Json.orEmpty(sourceIp);
    }

    /** All sessions, as {@code GET config/bfd/all} answers. */
    public record All(@JsonProperty("Attr") List<BfdEntry> attr) {}
}
