package io.gatun.api.roles;

import io.gatun.ha.role.Role;

/**
 * The role of a cluster instance.
 *
 * @param instance its name, {@code llb-inst0} where a controller does not shard
 * @param state as last set
 * @param vip as last set; shown and passed on, without effect of its own
 */
public record InstanceRole(String instance, Role state, String vip) {
    /** The instance that is there before anybody sets a role. */
    public static final String DEFAULT_INSTANCE = "llb-inst0";
}
