package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Errno;
import java.util.List;

/** The kernel refused a program; the message ends with the last lines of the verifier's log. */
public final class VerifierException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int TAIL_LINES = 20;

    private final int errno;

    VerifierException(String program, int errno, String log) {
        super("bpf(PROG_LOAD " + program + "): " + Errno.describe(errno) + cure(errno) + tail(log));
        this.errno = errno;
    }

    /** The positive error number. */
    public int errno() {
        return errno;
    }

    private static String cure(int errno) {
        return errno == Errno.EPERM ? ", run as root (CAP_BPF and CAP_NET_ADMIN)" : "";
    }

    /** The log tells the way to the fault, and the fault last; a short summary of the work done may follow. */
    private static String tail(String log) {
        List<String> lines = log.strip().lines().toList();
        if (lines.isEmpty()) {
            return "";
        }
        int first = Math.max(0, lines.size() - TAIL_LINES);
        String heading = first == 0 ? "; verifier:" : "; verifier (last " + TAIL_LINES + " lines):";
        return heading + "\n  " + String.join("\n  ", lines.subList(first, lines.size()));
    }
}
