package io.gatun.ha.role;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.ServiceKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Instances, their roles, and the VIPs that follow them (contract sections 0.6, 0.9 and 5.1). Roles may be set before
 * rules exist and rules added in any role. Methods may be called from any thread; they return when the listeners have
 * been told.
 */
public final class RoleTable {
    /** The instance of rules that name none, there from the start. */
    public static final String DEFAULT_INSTANCE = "llb-inst0";

    private static final class Instance {
        Role preference = Role.NOT_DEFINED;
        String vip = "";
    }

    private record Binding(String instance, Set<ServiceKey> rules) {}

    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final Map<InetAddress, Binding> bindings = new LinkedHashMap<>();
    private final List<RoleListener> listeners = new ArrayList<>();

    public RoleTable() {
        instances.put(DEFAULT_INSTANCE, new Instance());
    }

    /** Adds a listener behind those that are there; it is not told of what was before. */
    public synchronized void listen(RoleListener listener) {
        listeners.add(listener);
    }

    /**
     * The controller's word on an instance, which is created when it is new. Saying the same again is welcome: a
     * repeated MASTER announces again (contract R4).
     *
     * @param state one of {@link Role}'s names
     * @param vip shown with the instance, may be null
     * @return the role that this node now acts as
     * @throws RejectedException when the instance has no name or the state is unknown; then nothing has changed
     */
    public synchronized Role prefer(String instance, String state, String vip) {
        if (instance == null || instance.isBlank()) {
            throw RejectedException.invalid("instance", instance, "name one, such as " + DEFAULT_INSTANCE);
        }
        Role preference = Role.parse(state);
        Instance changed = instances.computeIfAbsent(instance, name -> new Instance());
        changed.preference = preference;
        changed.vip = vip == null ? "" : vip;
        tell(effective(changed), vipsOf(instance));
        return effective(changed);
    }

    /**
     * A rule was put in force. The first rule that uses a VIP fixes its instance: the part of the rule's name behind
     * the last colon, or {@link #DEFAULT_INSTANCE}. Adding a rule again changes nothing.
     *
     * @param ruleName {@code default_web:llb-inst0}, may be null
     * @return the role that this node acts as for the VIP
     */
    public synchronized Role addRule(ServiceKey rule, String ruleName) {
        Binding binding = bindings.get(rule.vip());
        if (binding != null) {
            binding.rules.add(rule);
            return role(binding.instance);
        }
        Binding first = new Binding(instanceOf(ruleName), new HashSet<>(Set.of(rule)));
        bindings.put(rule.vip(), first);
        Role role = effective(instances.computeIfAbsent(first.instance, name -> new Instance()));
        tell(role, Set.of(rule.vip()));
        return role;
    }

    /** A rule is gone; with the last one of a VIP the VIP is released, and the next rule may tie it anew. */
    public synchronized void removeRule(ServiceKey rule) {
        Binding binding = bindings.get(rule.vip());
        if (binding != null && binding.rules.remove(rule) && binding.rules.isEmpty()) {
            bindings.remove(rule.vip());
            for (RoleListener listener : listeners) {
                listener.onReleased(rule.vip());
            }
        }
    }

    /** What this node acts as for an instance: the preference, or MASTER where nobody has one. */
    public synchronized Role role(String instance) {
        Instance known = instances.get(instance);
        return known == null ? Role.NOT_DEFINED : effective(known);
    }

    /** What this node acts as for a VIP, NOT_DEFINED when no rule uses it. */
    public synchronized Role role(InetAddress vip) {
        Binding binding = bindings.get(vip);
        return binding == null ? Role.NOT_DEFINED : role(binding.instance);
    }

    /** All instances in the order in which they became known. */
    public synchronized List<InstanceSnapshot> instances() {
        List<InstanceSnapshot> all = new ArrayList<>();
        instances.forEach((name, instance) ->
                all.add(new InstanceSnapshot(name, instance.preference, effective(instance), instance.vip)));
        return all;
    }

    private static Role effective(Instance instance) {
        return instance.preference == Role.NOT_DEFINED ? Role.MASTER : instance.preference;
    }

    private static String instanceOf(String ruleName) {
        String name = ruleName == null ? "" : ruleName.substring(ruleName.lastIndexOf(':') + 1);
        return ruleName == null || !ruleName.contains(":") || name.isBlank() ? DEFAULT_INSTANCE : name;
    }

    private Set<InetAddress> vipsOf(String instance) {
        Set<InetAddress> vips = new LinkedHashSet<>();
        bindings.forEach((vip, binding) -> {
            if (binding.instance.equals(instance)) {
                vips.add(vip);
            }
        });
        return vips;
    }

    private void tell(Role role, Set<InetAddress> vips) {
        if (vips.isEmpty()) {
            return;
        }
        for (RoleListener listener : listeners) {
            if (role == Role.MASTER) {
                listener.onMaster(vips);
            } else {
                listener.onBackup(vips);
            }
        }
    }
}
