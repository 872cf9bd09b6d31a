package io.gatun.api.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What loxicmd has commands for and Gatun leaves to others. */
final class UnsupportedNouns {
    private static final Set<String> VERBS = Set.of("create", "get", "delete");

    private static final Map<List<String>, String> CURES = Map.ofEntries(
            Map.entry(List.of("route", "routes"), "routes are the kernel's, use ip route"),
            Map.entry(List.of("neighbor", "neighbors", "neigh", "nei"), "neighbours are the kernel's, use ip neigh"),
            Map.entry(List.of("fdb", "FDB"), "bridges are the kernel's, use bridge fdb"),
            Map.entry(
                    List.of("vlan", "vlanmember", "vlan-member", "vlan_member", "vlanMember"),
                    "VLANs are the kernel's, use ip link add with type vlan"),
            Map.entry(
                    List.of("vxlan", "vxlanpeer", "vxlan-peer", "vxlan_peer", "vxlanPeer"),
                    "tunnels are the kernel's, use ip link add with type vxlan"),
            Map.entry(
                    List.of("session", "sessions", "sessionulcl", "ulcl", "ulcls"),
                    "Gatun knows no sessions of mobile networks, leave it out"),
            Map.entry(
                    List.of("policy", "policys", "policies", "pol", "pols", "polices"),
                    "Gatun shapes no traffic, use tc"),
            Map.entry(List.of("mirror", "mirrors", "mirr"), "Gatun mirrors no traffic, use gatun trace --write"),
            Map.entry(
                    List.of("bgpneighbor", "bgpnei", "bgpvip", "bgppolicy", "bgppolicydefinedset"),
                    "Gatun speaks no BGP, use a daemon such as BIRD"));

    private static final Map<List<String>, String> CURES_OF_GET = Map.of(
            List.of("device", "devices"), "use hostnamectl", List.of("filesystem", "filesystems", "fs"), "use df");

    private static final Map<List<String>, String> CURES_OF_SET =
            Map.of(List.of("login", "logout", "refresh"), "Gatun has no users, give --token with each command");

    private UnsupportedNouns() {}

    /** Why there is no such thing and who does it; empty when loxicmd has it neither. */
    static Optional<String> cure(String verb, String noun) {
        Optional<String> cure = VERBS.contains(verb) ? find(CURES, noun) : Optional.empty();
        if (cure.isEmpty() && verb.equals("get")) {
            cure = find(CURES_OF_GET, noun);
        }
        return verb.equals("set") ? find(CURES_OF_SET, noun) : cure;
    }

    private static Optional<String> find(Map<List<String>, String> cures, String noun) {
        return cures.entrySet().stream()
                .filter(entry -> entry.getKey().contains(noun))
                .map(Map.Entry::getValue)
                .findAny();
    }
}
