package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An endpoint and how it is probed, as {@code GET config/endpoint/all} shows it. Delays are texts, empty when unknown.
 *
 * @param currState {@code ok}, {@code nok}, or {@code red} when a client has said so
 * @param probeIntervalMs Gatun's own: from probe to probe; absent when nothing is probed
 * @param reason Gatun's own: why it is not well; absent when it is
 */
public record EndpointState(
        String hostName,
        String name,
        int inactiveReTries,
        String probeType,
        String probeReq,
        String probeResp,
        long probeDuration,
        int probePort,
        String minDelay,
        String avgDelay,
        String maxDelay,
        String currState,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long probeIntervalMs,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {
    /** All endpoints. */
    public record All(@JsonProperty("Attr") List<EndpointState> attr) {}
}
