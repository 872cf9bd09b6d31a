package io.gatun.ha.role;

import java.util.Locale;
import java.util.Optional;

/** State of an instance on this node, under the names that cistate gives them (contract section 5.1). */
public enum Role {
    /** Answers ARP for its VIPs and announces them. */
    MASTER,
    /** Silent; forwards known flows only. */
    BACKUP,
    /** Silent: the controller holds this node for broken. */
    FAULT,
    /** Silent: the controller stopped the instance here. */
    STOP,
    /** Nobody said; see {@link RoleTable#role}. */
    NOT_DEFINED;

    /** The role of this name, in any case. */
    public static Optional<Role> of(String name) {
        for (Role role : values()) {
            if (role.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
