package io.gatun.ha.role;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which VIPs this node serves: the roles of instances, and the VIPs that follow them (contract sections 0.6, 0.9 and
 * 5.1). Roles may be set before VIPs exist and VIPs added in any role. Without a peer protocol an instance of which
 * nobody has spoken is MASTER: a lone node serves at once. Not thread-safe; its owner is whoever applies rules and
 * roles, one at a time.
 */
public final class RoleTable {
    private final List<RoleListener> listeners;
    private final Map<String, Role> preferences = new TreeMap<>();
    private Map<InetAddress, String> instances = Map.of();

    /**
     * A table without VIPs.
     *
     * @param listeners told in this order: the one that fills the steering map before the one that announces
     */
    public RoleTable(List<RoleListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** The controller's word on an instance. Saying the same again is welcome: a repeated MASTER announces again. */
    public void prefer(String instance, Role preference) {
        preferences.put(instance, preference);
        instances.forEach((vip, follows) -> {
            if (follows.equals(instance)) {
                tell(vip);
            }
        });
    }

    /**
     * The VIPs there are now, in place of those of the last call.
     *
     * @param now VIP to the instance whose role it follows
     */
    public void vips(Map<InetAddress, String> now) {
        Map<InetAddress, String> before = instances;
        instances = new LinkedHashMap<>(now);
        before.keySet().forEach(vip -> {
            if (!now.containsKey(vip)) {
                listeners.forEach(listener -> listener.onReleased(vip));
            }
        });
        now.forEach((vip, instance) -> {
            if (!instance.equals(before.get(vip))) {
                tell(vip);
            }
        });
    }

    /** What this node acts as for an instance. */
    public Role role(String instance) {
        Role preference = preferences.getOrDefault(instance, Role.NOT_DEFINED);
        return preference == Role.NOT_DEFINED ? Role.MASTER : preference;
    }

    private void tell(InetAddress vip) {
        boolean master = role(instances.get(vip)) == Role.MASTER;
        for (RoleListener listener : listeners) {
            if (master) {
                listener.onMaster(Set.of(vip));
            } else {
                listener.onBackup(Set.of(vip));
            }
        }
    }
}
