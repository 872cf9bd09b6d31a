package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What {@code POST /gatun/v1/io} asks for.
 *
 * @param interfaceName an interface that is served
 * @param io {@code auto}, {@code xdp} or {@code raw}
 */
public record IoChange(@JsonProperty("interface") String interfaceName, String io) {}
