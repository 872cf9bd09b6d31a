package io.gatun.api.roles;

import java.util.List;

/** The roles of this node's cluster instances. Safe for use by many threads. */
public interface Roles {
    /** All instances in the order in which they became known. */
    List<InstanceRole> all();

    /** Sets the role of an instance, known or not; durable and passed on when this returns. */
    void set(InstanceRole role);
}
