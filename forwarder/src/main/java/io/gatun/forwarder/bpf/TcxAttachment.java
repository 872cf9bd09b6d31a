package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The tcx ingress hook of one interface. What is attached here belongs to the interface, not to the process: it stays
 * when the process dies. The hook is a chain: a program whose name starts like ours is ours, whoever loaded it, and goes
 * first; all others are foreign, are never touched and see what ours lets through.
 *
 * <p>Needs Linux 6.6 and CAP_NET_ADMIN, and to look at programs that are there already CAP_SYS_ADMIN. Without it those on
 * record are ours, and are removed by their place in the chain once the new one stands before them.
 */
public final class TcxAttachment {
    /** enum bpf_attach_type of include/uapi/linux/bpf.h; Linux 6.6. */
    private static final int BPF_TCX_INGRESS = 46;

    /** BPF_F_REPLACE; Linux 5.6. */
    private static final int FLAG_REPLACE = 1 << 2;
    /** BPF_F_BEFORE, without a program to be before: first of all; Linux 6.6. */
    private static final int FLAG_BEFORE = 1 << 3;

    /** BPF_F_AFTER and BPF_F_ID: behind the program of an id; Linux 6.6. */
    private static final int FLAG_AFTER = 1 << 4;

    private static final int FLAG_ID = 1 << 5;

    /** bpf_mprog_max() of include/linux/bpf_mprog.h. */
    private static final int PROGRAMS_MAX = 64;

    private final Libc libc;
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
    TcxAttachment(Libc libc, int ifindex, String ifname, String namePrefix, ProgramRecord record) {
        this.libc = libc;
        this.ifindex = ifindex;
        this.ifname = ifname;
        this.namePrefix = namePrefix;
        this.record = record;
    }

    /**
     * How the program came to be attached.
     *
     * @param replacedId id of the program of an earlier run that it replaced, or 0
     * @param foreign how many programs of others are on the hook
     */
    public record Attached(int replacedId, int foreign) {}

    /** A program found on the interface. */
    public record Found(int programId, String name, String tag) {}

    /**
     * Attaches the program, before all others. One of ours that is there already is replaced in one step, where it
     * stands, so that no packet meets the hook without it.
     *
     * @throws AttachException when the kernel refuses or has no tcx
     */
    public Attached attach(BpfProgram program) {
        int[] ids = programs()
                .orElseThrow(() -> new AttachException("interface " + ifname
                        + ": this kernel has no tcx hook, run Linux 6.6 or newer, or choose the engine xdp"));
        List<SeenProgram> ours = ours(ids);
        try {
            BpfProgram seen = ours.isEmpty() ? null : ours.get(0).program();
            set(program, seen);
            for (SeenProgram surplus : ours.subList(seen == null ? 0 : 1, ours.size())) {
                remove(surplus);
            }
            return new Attached(ours.isEmpty() ? 0 : ours.get(0).id(), ids.length - ours.size());
        } finally {
            ours.forEach(SeenProgram::close);
        }
    }

    /**
     * Removes our program.
     *
     * @return false when none is attached
     * @throws AttachException when the kernel refuses
     */
    public boolean detach() {
        List<SeenProgram> ours = ours(programs().orElse(new int[0]));
        try {
            boolean removed = false;
            for (SeenProgram program : ours) {
                removed |= remove(program);
            }
            return removed;
        } finally {
            ours.forEach(SeenProgram::close);
        }
    }

    /** Our program on the interface, if there is one. */
    public Optional<Found> current() {
        List<SeenProgram> ours = ours(programs().orElse(new int[0]));
        try {
            return ours.stream().findFirst().map(program -> new Found(program.id(), program.name(), program.tag()));
        } finally {
            ours.forEach(SeenProgram::close);
        }
    }

    private void set(BpfProgram program, BpfProgram present) {
        BpfAttr attr = target(program).u32(12, present == null ? FLAG_BEFORE : FLAG_REPLACE);
        if (present != null) {
            attr.u32(16, present.fd());
        }
        int result = attr.call(libc, BpfAttr.PROG_ATTACH);
        if (result < 0) {
            String action = present == null ? "attaching" : "replacing program " + present + " by";
            throw refused(action, program.toString(), result);
        }
    }

    /** Returns false when somebody else removed it meanwhile. */
    private boolean remove(SeenProgram seen) {
        BpfAttr attr = seen.unseen() ? place(seen.id()) : target(seen.program());
        int result = attr == null ? -Errno.ENOENT : attr.call(libc, BpfAttr.PROG_DETACH);
        if (result < 0 && result != -Errno.ENOENT) {
            throw refused("removing", seen.toString(), result);
        }
        return result >= 0;
    }

    private BpfAttr target(BpfProgram program) {
        return new BpfAttr(32).u32(0, ifindex).u32(4, program.fd()).u32(8, BPF_TCX_INGRESS);
    }

    /** Names a program without a descriptor: as the first one, or as the one behind another; null when it is gone. */
    private BpfAttr place(int id) {
        int before = 0;
        for (int present : programs().orElse(new int[0])) {
            if (present == id) {
                BpfAttr attr = new BpfAttr(32).u32(0, ifindex).u32(8, BPF_TCX_INGRESS);
                return before == 0
                        ? attr.u32(12, FLAG_BEFORE)
                        : attr.u32(12, FLAG_AFTER | FLAG_ID).u32(20, before);
            }
            before = present;
        }
        return null;
    }

    /** Ids of all programs of the hook in their order; empty when the kernel does not know the hook. */
    private Optional<int[]> programs() {
        UnsafeBuffer ids = BpfAttr.offHeap(PROGRAMS_MAX * Integer.BYTES);
        BpfAttr attr = new BpfAttr(64)
                .u32(0, ifindex)
                .u32(4, BPF_TCX_INGRESS)
                .pointer(16, ids)
                .u32(24, PROGRAMS_MAX);
        int result = attr.call(libc, BpfAttr.PROG_QUERY);
        if (result == -Errno.EINVAL) {
            return Optional.empty();
        }
        if (result == -Errno.ENOENT) { // nothing was ever attached
            return Optional.of(new int[0]);
        }
        SysException.check(result, "bpf(PROG_QUERY tcx ingress of " + ifname + ")");
        int[] found = new int[attr.u32(24)];
        for (int i = 0; i < found.length; i++) {
            found[i] = ids.getInt(i * Integer.BYTES);
        }
        return Optional.of(found);
    }

    /** Opens those of the programs that are ours; the caller closes them. */
    private List<SeenProgram> ours(int[] ids) {
        List<SeenProgram> ours = new ArrayList<>();
        try {
            for (int id : ids) {
                SeenProgram.look(libc, id, namePrefix, record).ifPresent(program -> {
                    if (program.ours()) {
                        ours.add(program);
                    } else {
                        program.close();
                    }
                });
            }
            return ours;
        } catch (RuntimeException e) {
            ours.forEach(SeenProgram::close);
            throw e;
        }
    }

    private AttachException refused(String action, String program, int result) {
        String cure = result == -Errno.EPERM ? ", run as root (CAP_NET_ADMIN)" : "";
        return new AttachException("interface " + ifname + ": " + action + " program " + program
                + " at tcx ingress failed: " + Errno.describe(-result) + cure);
    }
}
