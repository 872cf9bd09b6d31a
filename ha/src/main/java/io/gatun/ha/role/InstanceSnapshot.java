package io.gatun.ha.role;

/**
 * An instance as {@code GET config/cistate/all} shows it.
 *
 * @param instance name, {@code llb-inst0} where the controller names none
 * @param preference what the controller set, NOT_DEFINED when it set nothing
 * @param role what this node acts as: MASTER or a silent one
 * @param vip the address that came with the preference, shown and otherwise unused; may be empty
 */
public record InstanceSnapshot(String instance, Role preference, Role role, String vip) {}
