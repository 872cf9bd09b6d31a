package io.gatun.api.model;

/**
 * What a client says of an endpoint, as {@code POST config/endpointhoststate} has it.
 *
 * @param hostName its address
 * @param epPort its port; 0 for all
 * @param epProto the protocol of its rules; empty for all
 * @param state {@code red}: it gets no new connections; {@code green} and {@code yellow}: its probes decide
 */
public record EndpointHostState(String hostName, int epPort, String epProto, String state) {
    public EndpointHostState {
        hostName = hostName == null ? "" : hostName;
        epProto = epProto == null ? "" : epProto;
        state = state == null ? "" : state;
    }
}
