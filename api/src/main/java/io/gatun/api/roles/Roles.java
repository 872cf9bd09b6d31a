package io.gatun.api.roles;

import io.gatun.ha.role.Role;
import java.util.List;

/** The roles of this node's cluster instances. Safe for use by many threads. */
public interface Roles {
    /** All instances in the order in which they became known. */
    List<InstanceRole> all();

    /** The role of an instance, {@code NOT_DEFINED} when nobody has spoken of it. */
    default Role role(String instance) {
        return all().stream()
                .filter(each -> each.instance().equals(instance))
                .findFirst()
                .map(InstanceRole::state)
                .orElse(Role.NOT_DEFINED);
    }

    /** Sets the role of an instance, known or not; durable and passed on when this returns. */
    void set(InstanceRole role);
}
