package io.gatun.api.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.posix.POSIXFactory;

/** Whether this process may do what forwarding takes. */
public final class Preflight {
    /** Bits of the effective set, linux/capability.h. */
    private static final int CAP_NET_ADMIN = 12;

    private static final int CAP_NET_RAW = 13;
    /** For the memory that AF_XDP sockets share with the kernel: without it RLIMIT_MEMLOCK is too small. */
    private static final int CAP_IPC_LOCK = 14;

    private static final int CAP_SYS_ADMIN = 21;
    /** Linux 5.8; before that CAP_SYS_ADMIN. */
    private static final int CAP_BPF = 39;

    private Preflight() {}

    /**
     * Checks the capabilities of this process.
     *
     * @throws StartException naming those that are missing
     */
    public static void checkPrivileges() {
        List<String> missing = missing(effectiveCapabilities(Path.of("/proc/self/status")));
        if (!missing.isEmpty()) {
            int uid = POSIXFactory.getPOSIX().geteuid();
            throw new StartException("user id " + uid + " lacks " + String.join(", ", missing)
                    + ", run gatun as root or grant " + (missing.size() == 1 ? "it" : "them"));
        }
    }

    /**
     * The names of the capabilities that a process with this effective set lacks.
     *
     * @param effective as in the line CapEff of /proc/self/status
     */
    static List<String> missing(long effective) {
        List<String> missing = new ArrayList<>();
        if (!has(effective, CAP_NET_ADMIN)) {
            missing.add("CAP_NET_ADMIN");
        }
        if (!has(effective, CAP_NET_RAW)) {
            missing.add("CAP_NET_RAW");
        }
        if (!has(effective, CAP_BPF) && !has(effective, CAP_SYS_ADMIN)) {
            missing.add("CAP_BPF");
        }
        if (!has(effective, CAP_IPC_LOCK)) {
            missing.add("CAP_IPC_LOCK");
        }
        return missing;
    }

    private static boolean has(long effective, int capability) {
        return (effective >>> capability & 1) != 0;
    }

    private static long effectiveCapabilities(Path status) {
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("CapEff:")) {
                    return Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16);
                }
            }
        } catch (IOException e) {
            throw new StartException(status + " cannot be read (" + e + "), gatun runs on Linux with /proc", e);
        }
        throw new StartException(status + " has no line CapEff, gatun runs on Linux with /proc");
    }
}
