package io.gatun.api.daemon;

import io.gatun.api.roles.InstanceRole;
import io.gatun.api.roles.Roles;
import io.gatun.ha.role.Role;
import java.util.List;

/**
 * Shows what instances are on this node, which need not be what they were told to be.
 *
 * @param asked what the controller said
 */
record RolesInForce(Roles asked, VipOwner owner) implements Roles {
    @Override
    public List<InstanceRole> all() {
        return asked.all().stream()
                .map(role ->
                        new InstanceRole(role.instance(), owner.inForce(role.instance(), role.state()), role.vip()))
                .toList();
    }

    @Override
    public Role role(String instance) {
        return owner.inForce(instance, asked.role(instance));
    }

    @Override
    public void set(InstanceRole role) {
        asked.set(role);
    }
}
