package io.gatun.lab;

import java.util.Set;

/** What hosts and devices may be called. A host's name is also the name of its port on the bridge. */
final class Names {
    /** IFNAMSIZ - 1 of include/uapi/linux/if.h. */
    private static final int MAX_LENGTH = 15;
    /** {@code sw} is the switch's namespace, {@code br0} its bridge; {@code all} and {@code default} mean more to sysctl. */
    private static final Set<String> RESERVED = Set.of("sw", "br0", "lo", "all", "default");

    private Names() {}

    static void requireHost(String name) {
        require("host", name);
    }

    static void requireDevice(String field, String name) {
        require(field, name);
    }

    private static void require(String field, String name) {
        if (name.length() > MAX_LENGTH) {
            throw LabException.invalid(
                    field, name, "must be at most " + MAX_LENGTH + " characters, it has " + name.length());
        }
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw LabException.invalid(
                    field, "\"" + name + "\"", "must be a letter, then letters, digits or -, in lower case");
        }
        if (RESERVED.contains(name)) {
            throw LabException.invalid(field, name, "is reserved, choose another name");
        }
    }
}
