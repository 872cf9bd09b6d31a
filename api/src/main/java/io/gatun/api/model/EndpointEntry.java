package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An endpoint that a client makes, as {@code POST config/endpoint} has it. Strings are never null.
 *
 * @param hostName its address
 * @param name how it is shown; empty for address, probe and port
 * @param inactiveReTries failures that make it down; 0 for 2
 * @param probeType empty for {@code ping}
 * @param probeReq what is sent: a datagram or a path
 * @param probeResp what must be in the answer
 * @param probeDuration seconds from probe to probe; 0 for 60
 * @param probePort 0 for {@code ping} and {@code none}
 * @param probeIntervalMs Gatun's own: milliseconds instead of {@code probeDuration}
 * @param probeTimeoutMs Gatun's own: how long an answer may take; 0 for a second
 * @param probeRise Gatun's own: successes that make it up again; 0 for 1
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record EndpointEntry(
        String hostName,
        String name,
        int inactiveReTries,
        String probeType,
        String probeReq,
        String probeResp,
        long probeDuration,
        int probePort,
        long probeIntervalMs,
        long probeTimeoutMs,
        int probeRise) {
    public EndpointEntry {
        hostName = Json.orEmpty(hostName);
        name = Json.orEmpty(name);
        probeType = Json.orEmpty(probeType);
        probeReq = Json.orEmpty(probeReq);
        probeResp = Json.orEmpty(probeResp);
    }
}
