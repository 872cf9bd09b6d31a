package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import java.util.Optional;

/**
 * The XDP hook of one interface, seen through rtnetlink. What is attached here belongs to the interface, not to the
 * process: it stays when the process dies. A program whose name starts like ours is ours, whoever loaded it; all others
 * are foreign and never touched.
 *
 * <p>Needs CAP_NET_ADMIN, and to look at a program that is there already CAP_SYS_ADMIN. Without it a program on record is
 * ours, and is replaced without the kernel's check that it is still the one that was found.
 */
public final class XdpAttachment {
    private final Libc libc;
    private final XdpNetlink netlink;
    private final int ifindex;
    private final String ifname;
    private final String namePrefix;
    private final ProgramRecord record;

    /**
     * @param ifindex the interface, in this process's network namespace
     * @param ifname its name, for errors
     * @param namePrefix how the names of our programs start
     * @param record programs that are ours by their ids
     */
    XdpAttachment(Libc libc, int ifindex, String ifname, String namePrefix, ProgramRecord record) {
        this.libc = libc;
        this.netlink = new XdpNetlink(libc);
        this.ifindex = ifindex;
        this.ifname = ifname;
        this.namePrefix = namePrefix;
        this.record = record;
    }

    /**
     * How the program came to be attached.
     *
     * @param mode where it runs
     * @param replacedId id of the program of an earlier run that it replaced, or 0
     * @param reason why it does not run natively, in the kernel's words; empty when it does
     */
    public record Attached(XdpMode mode, int replacedId, String reason) {}

    /** A program found on the interface. */
    public record Found(int programId, String name, String tag, XdpMode mode) {}

    /**
     * Attaches the program: natively, else generically. One of ours that is there already is replaced in one step, in
     * the mode that it runs in, so that no packet meets an empty hook.
     *
     * @throws AttachException when a foreign program is there or the kernel refuses
     */
    public Attached attach(BpfProgram program) {
        XdpNetlink.State state = netlink.state(ifindex);
        if (state.attached() == XdpNetlink.State.NONE) {
            return attachFirst(program);
        }
        try (SeenProgram present = ours(state)) {
            XdpMode mode = mode(state);
            XdpNetlink.Answer answer = replace(present, program.fd(), mode);
            if (answer.errno() != 0) {
                throw refused("replacing program " + present, answer);
            }
            String reason = mode == XdpMode.NATIVE ? "" : "the program replaced ran generically";
            return new Attached(mode, present.id(), reason);
        }
    }

    /**
     * Removes our program.
     *
     * @return false when none is attached
     * @throws AttachException when the program there is foreign, or another took its place meanwhile
     */
    public boolean detach() {
        XdpNetlink.State state = netlink.state(ifindex);
        if (state.attached() == XdpNetlink.State.NONE) {
            return false;
        }
        try (SeenProgram present = ours(state)) {
            XdpNetlink.Answer answer = replace(present, XdpNetlink.NO_PROGRAM, mode(state));
            if (answer.errno() != 0) {
                throw refused("removing program " + present, answer);
            }
            return true;
        }
    }

    /** Our program on the interface, if there is one. */
    public Optional<Found> current() {
        XdpNetlink.State state = netlink.state(ifindex);
        if (state.programId() == 0) {
            return Optional.empty();
        }
        try (SeenProgram present = open(state)) {
            return isOurs(state, present)
                    ? Optional.of(new Found(present.id(), present.name(), present.tag(), mode(state)))
                    : Optional.empty();
        }
    }

    private XdpNetlink.Answer replace(SeenProgram present, int programFd, XdpMode mode) {
        return present.unseen()
                ? netlink.set(ifindex, programFd, mode.flag, XdpNetlink.NO_PROGRAM)
                : netlink.set(
                        ifindex,
                        programFd,
                        mode.flag | XdpNetlink.FLAG_REPLACE,
                        present.program().fd());
    }

    private Attached attachFirst(BpfProgram program) {
        XdpNetlink.Answer nativeAnswer = attachFirst(program, XdpMode.NATIVE);
        if (nativeAnswer.errno() == 0) {
            return new Attached(XdpMode.NATIVE, 0, "");
        }
        if (!anotherModeMayWork(nativeAnswer.errno())) {
            throw refused("attaching program " + program, nativeAnswer);
        }
        XdpNetlink.Answer genericAnswer = attachFirst(program, XdpMode.GENERIC);
        if (genericAnswer.errno() != 0) {
            throw refused("attaching program " + program, genericAnswer);
        }
        return new Attached(XdpMode.GENERIC, 0, words(nativeAnswer));
    }

    private XdpNetlink.Answer attachFirst(BpfProgram program, XdpMode mode) {
        return netlink.set(ifindex, program.fd(), mode.flag | XdpNetlink.FLAG_IF_NOEXIST, XdpNetlink.NO_PROGRAM);
    }

    /** Drivers refuse native XDP with many numbers (MTU, offloads, queues, memory); these are about other things. */
    private static boolean anotherModeMayWork(int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.ENODEV, Errno.EBUSY, Errno.EEXIST, Errno.EBADF -> false;
            default -> true;
        };
    }

    private SeenProgram ours(XdpNetlink.State state) {
        SeenProgram present = open(state);
        if (!isOurs(state, present)) {
            present.close();
            if (present.unseen()) {
                throw new AttachException("interface " + ifname + " carries an XDP program (id " + present.id()
                        + ") that this run directory does not know, remove it with 'gatun detach' as root if an"
                        + " earlier Gatun left it, or choose another interface");
            }
            throw new AttachException("interface " + ifname + " carries the XDP program '" + present.name() + "' (id "
                    + present.id() + ") that is not Gatun's, remove it with 'ip link set dev " + ifname
                    + " xdp off' or choose another interface");
        }
        return present;
    }

    private boolean isOurs(XdpNetlink.State state, SeenProgram present) {
        boolean plain = state.attached() == XdpNetlink.State.DRV || state.attached() == XdpNetlink.State.SKB;
        return plain && present.ours();
    }

    private SeenProgram open(XdpNetlink.State state) {
        if (state.programId() == 0) {
            throw new AttachException("interface " + ifname + " carries several XDP programs that are not Gatun's, see"
                    + " 'ip -d link show dev " + ifname + "' and remove them, or choose another interface");
        }
        return SeenProgram.look(libc, state.programId(), namePrefix, record)
                .orElseThrow(() -> new AttachException("interface " + ifname + " lost its XDP program (id "
                        + state.programId() + ") while it was looked at, someone else changes it, try again"));
    }

    private static XdpMode mode(XdpNetlink.State state) {
        return state.attached() == XdpNetlink.State.DRV ? XdpMode.NATIVE : XdpMode.GENERIC;
    }

    private AttachException refused(String action, XdpNetlink.Answer answer) {
        String cure = answer.errno() == Errno.EPERM ? ", run as root (CAP_NET_ADMIN)" : "";
        return new AttachException("interface " + ifname + ": " + action + " failed: " + words(answer) + cure);
    }

    private static String words(XdpNetlink.Answer answer) {
        String symbol = Errno.describe(answer.errno());
        return answer.message().isEmpty() ? symbol : symbol + ", the kernel says: " + answer.message();
    }
}
