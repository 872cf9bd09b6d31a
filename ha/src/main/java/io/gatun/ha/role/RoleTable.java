package io.gatun.ha.role;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which VIPs this node serves: the roles of instances, and the VIPs that follow them (contract sections 0.6, 0.9 and
 * 5.1). Roles may be set before VIPs exist and VIPs added in any role. Without a peer protocol an instance of which
 * nobody has spoken is MASTER: a lone node serves at once. With one, it decides, for all VIPs of a family at a time, and
 * what the controller says is a preference. Not thread-safe; its owner is whoever applies rules and roles, one at a time.
 */
public final class RoleTable {
    private final List<RoleListener> listeners;
    private final boolean elected;
    private final Map<String, Role> preferences = new TreeMap<>();
    private Map<InetAddress, String> instances = Map.of();
    private boolean ownsIpv4;
    private boolean ownsIpv6;

    /**
     * A table without VIPs and without a peer protocol.
     *
     * @param listeners told in this order: the one that fills the steering map before the one that announces
     */
    public RoleTable(List<RoleListener> listeners) {
        this(listeners, false);
    }

    private RoleTable(List<RoleListener> listeners, boolean elected) {
        this.listeners = List.copyOf(listeners);
        this.elected = elected;
    }

    /** A table whose roles {@link #elect} decides: nothing is ours yet. */
    public static RoleTable elected(List<RoleListener> listeners) {
        return new RoleTable(listeners, true);
    }

    /** The peer protocol's decision on all VIPs of a family. */
    public void elect(boolean ipv6, boolean owner) {
        if (ipv6) {
            ownsIpv6 = owner;
        } else {
            ownsIpv4 = owner;
        }
        repeat(ipv6);
    }

    /** Tells the roles of all VIPs of a family again. */
    public void repeat(boolean ipv6) {
        tell(vip -> isIpv6(vip) == ipv6);
    }

    /**
     * What the controller would have the peer protocol decide, of the instances that VIPs follow: FAULT or STOP of one
     * goes before MASTER of another, and that before BACKUP.
     */
    public Role preference() {
        List<Role> spoken = instances.values().stream()
                .map(instance -> preferences.getOrDefault(instance, Role.NOT_DEFINED))
                .toList();
        for (Role role : List.of(Role.FAULT, Role.STOP, Role.MASTER, Role.BACKUP)) {
            if (spoken.contains(role)) {
                return role;
            }
        }
        return Role.NOT_DEFINED;
    }

    /** The controller's word on an instance. Saying the same again is welcome: a repeated MASTER announces again. */
    public void prefer(String instance, Role preference) {
        preferences.put(instance, preference);
        tell(vip -> instances.get(vip).equals(instance));
    }

    /**
     * The VIPs there are now, in place of those of the last call.
     *
     * @param now VIP to the instance whose role it follows
     */
    public void vips(Map<InetAddress, String> now) {
        Map<InetAddress, String> before = instances;
        instances = new LinkedHashMap<>(now);
        Set<InetAddress> released = new LinkedHashSet<>(before.keySet());
        released.removeAll(now.keySet());
        if (!released.isEmpty()) {
            listeners.forEach(listener -> listener.onReleased(released));
        }
        tell(vip -> !now.get(vip).equals(before.get(vip)));
    }

    /** What this node acts as for an instance. */
    public Role role(String instance) {
        Role preference = preferences.getOrDefault(instance, Role.NOT_DEFINED);
        if (elected && preference != Role.FAULT && preference != Role.STOP) {
            return ownsAll(instance) ? Role.MASTER : Role.BACKUP;
        }
        return preference == Role.NOT_DEFINED ? Role.MASTER : preference;
    }

    /** Whether every VIP that follows the instance is ours; of one that none follows, whether any VIP is. */
    private boolean ownsAll(String instance) {
        boolean followed = false;
        for (Map.Entry<InetAddress, String> each : instances.entrySet()) {
            if (each.getValue().equals(instance)) {
                followed = true;
                if (!owns(each.getKey())) {
                    return false;
                }
            }
        }
        return followed || ownsIpv4 || ownsIpv6;
    }

    private boolean owns(InetAddress vip) {
        return isIpv6(vip) ? ownsIpv6 : ownsIpv4;
    }

    private static boolean isIpv6(InetAddress vip) {
        return vip instanceof Inet6Address;
    }

    private boolean isMaster(InetAddress vip) {
        return elected ? owns(vip) : role(instances.get(vip)) == Role.MASTER;
    }

    private void tell(Predicate<InetAddress> chosen) {
        Set<InetAddress> ours = new LinkedHashSet<>();
        Set<InetAddress> others = new LinkedHashSet<>();
        instances.keySet().stream().filter(chosen).forEach(vip -> (isMaster(vip) ? ours : others).add(vip));
        for (RoleListener listener : listeners) {
            if (!ours.isEmpty()) {
                listener.onMaster(ours);
            }
            if (!others.isEmpty()) {
                listener.onBackup(others);
            }
        }
    }
}
