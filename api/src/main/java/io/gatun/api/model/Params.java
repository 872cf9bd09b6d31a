package io.gatun.api.model;

/**
 * What {@code config/params} shows and sets.
 *
 * @param logLevel a name of {@link io.gatun.api.params.LoxilbLevel}
 */
public record Params(String logLevel) {}
