package io.gatun.api.model;

import java.util.List;

/** A cluster instance and its role; {@code sync} is always null in answers. */
public record ClusterInstance(String instance, String state, Integer sync, String vip) {
    /** All instances, as {@code GET config/cistate/all} answers. */
    public record All(
            @com.fasterxml.jackson.annotation.JsonProperty("Attr")
            List<ClusterInstance> attr) {}
}
