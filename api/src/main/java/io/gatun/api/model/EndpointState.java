package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** An endpoint and how it is probed, as {@code GET config/endpoint/all} shows it. Delays are texts, empty when unknown. */
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
        String currState) {
    /** All endpoints. */
    public record All(@JsonProperty("Attr") List<EndpointState> attr) {}
}
