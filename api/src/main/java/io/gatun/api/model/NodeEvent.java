package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** Something that happened on this node, as {@code GET /gatun/v1/events} tells it. Rules are named by their keys. */
public sealed interface NodeEvent {
    /** Name of the event on the stream. */
    String type();

    /**
     * What is sent.
     *
     * @param time when it was found, ISO 8601
     */
    record Timed(String time, @JsonUnwrapped NodeEvent event) {}

    /**
     * A rule is in force that was not there.
     *
     * @param endpoints how many
     */
    record RuleAdded(String rule, String name, int endpoints) implements NodeEvent {
        @Override
        public String type() {
            return "rule-added";
        }
    }

    /**
     * A rule has other endpoints or arguments.
     *
     * @param endpoints how many now
     */
    record RuleChanged(String rule, String name, int endpoints) implements NodeEvent {
        @Override
        public String type() {
            return "rule-changed";
        }
    }

    /** A rule is gone. */
    record RuleRemoved(String rule, String name) implements NodeEvent {
        @Override
        public String type() {
            return "rule-removed";
        }
    }

    /**
     * An endpoint of a rule has failed, or is well again.
     *
     * @param healthy whether it gets new connections of this rule
     */
    record HealthChanged(String rule, String endpoint, boolean healthy) implements NodeEvent {
        @Override
        public String type() {
            return "endpoint-health";
        }
    }

    /** An endpoint of weight 0 has had its last connection. */
    record Drained(String rule, String endpoint) implements NodeEvent {
        @Override
        public String type() {
            return "drained";
        }
    }

    /**
     * This node has another role.
     *
     * @param instance of the cluster; roles are those of {@code config/cistate}
     */
    record RoleChanged(String instance, String from, String to) implements NodeEvent {
        @Override
        public String type() {
            return "role";
        }
    }

    /** This node took VIPs over: told when it begins, when no traffic follows, and when all is known. */
    record TakenOver(IncidentReport incident) implements NodeEvent {
        @Override
        public String type() {
            return "takeover";
        }
    }

    /**
     * An interface can carry packets or not, or has another engine.
     *
     * @param up whether packets can go
     * @param engine absent when it is not served any more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LinkChanged(@JsonProperty("interface") String name, boolean up, String engine, String mode)
            implements NodeEvent {
        @Override
        public String type() {
            return "link";
        }
    }

    /**
     * Something of the packet path stands still, and the node has given its VIPs up for it.
     *
     * @param what in words; of an end, what it was
     * @param over whether all moves again
     */
    record Stalled(String what, boolean over) implements NodeEvent {
        @Override
        public String type() {
            return "stall";
        }
    }
}
