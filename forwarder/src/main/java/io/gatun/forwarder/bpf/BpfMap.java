package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A map of the kernel, owned by one thread. Keys and values are copied from and to the caller's buffers, which may be
 * on heap. A running program sees each update whole.
 */
public final class BpfMap implements AutoCloseable {
    private final Libc libc;
    private final MapSpec spec;
    private final Fd fd;
    private final UnsafeBuffer key;
    private final UnsafeBuffer nextKey;
    private final UnsafeBuffer value;
    private final BpfAttr keyOnly;
    private final BpfAttr keyAndValue;

    private BpfMap(Libc libc, MapSpec spec, Fd fd) {
        this.libc = libc;
        this.spec = spec;
        this.fd = fd;
        key = BpfAttr.offHeap(spec.keyBytes());
        nextKey = BpfAttr.offHeap(spec.keyBytes());
        value = BpfAttr.offHeap(valueBytes(spec));
        keyOnly = new BpfAttr(32).pointer(8, key);
        keyAndValue = new BpfAttr(32).pointer(8, key).pointer(16, value);
    }

    static BpfMap create(Libc libc, MapSpec spec) {
        String what = "bpf(MAP_CREATE " + spec.name() + ")";
        int result = new BpfAttr(72)
                .u32(0, spec.type().number)
                .u32(4, spec.keyBytes())
                .u32(8, spec.valueBytes())
                .u32(12, spec.maxEntries())
                .u32(16, spec.flags())
                .name(28, spec.name())
                .call(libc, BpfAttr.MAP_CREATE);
        if (result == -Errno.EPERM) {
            what += ", run as root (CAP_BPF, CAP_NET_ADMIN; before Linux 5.11 also a large RLIMIT_MEMLOCK)";
        }
        return new BpfMap(libc, spec, Fd.own(libc, result, what));
    }

    public MapSpec spec() {
        return spec;
    }

    /** The descriptor, owned by this map. */
    public int fd() {
        return fd.number();
    }

    /** Bytes of a value as {@link #lookup} and {@link #update} see it: all CPUs' copies of a PERCPU_ARRAY. */
    public int valueBytes() {
        return value.capacity();
    }

    /** Copies the value of a key to {@code target}, or returns false and leaves it alone when the key is not there. */
    public boolean lookup(DirectBuffer from, MutableDirectBuffer target) {
        key(from);
        int result = keyAndValue.call(libc, BpfAttr.MAP_LOOKUP_ELEM);
        if (result == -Errno.ENOENT) {
            return false;
        }
        check(result, "LOOKUP");
        target.putBytes(0, value, 0, value.capacity());
        return true;
    }

    /**
     * Inserts or overwrites.
     *
     * @throws SysException E2BIG when the map is full
     */
    public void update(DirectBuffer from, DirectBuffer newValue) {
        value.putBytes(0, newValue, 0, value.capacity());
        key(from);
        int result = keyAndValue.call(libc, BpfAttr.MAP_UPDATE_ELEM);
        if (result == -Errno.E2BIG) {
            throw new SysException("map " + spec.name() + " is full, maxEntries=" + spec.maxEntries(), Errno.E2BIG);
        }
        check(result, "UPDATE");
    }

    /** Removes a key, or returns false when it was not there. */
    public boolean delete(DirectBuffer from) {
        key(from);
        int result = keyOnly.call(libc, BpfAttr.MAP_DELETE_ELEM);
        if (result == -Errno.ENOENT) {
            return false;
        }
        check(result, "DELETE");
        return true;
    }

    /** A copy of all keys; exact when nobody else writes. */
    public List<DirectBuffer> keys() {
        List<DirectBuffer> all = new ArrayList<>();
        BpfAttr attr = new BpfAttr(32).u32(0, fd()).u64(8, 0).pointer(16, nextKey);
        int result = attr.call(libc, BpfAttr.MAP_GET_NEXT_KEY);
        attr.pointer(8, key);
        while (result == 0 && all.size() < spec.maxEntries()) {
            byte[] copy = new byte[spec.keyBytes()];
            nextKey.getBytes(0, copy);
            all.add(new UnsafeBuffer(copy));
            key.putBytes(0, copy);
            result = attr.call(libc, BpfAttr.MAP_GET_NEXT_KEY);
        }
        if (result != -Errno.ENOENT) {
            check(result, "GET_NEXT_KEY");
        }
        return all;
    }

    @Override
    public void close() {
        fd.close();
    }

    private void key(DirectBuffer from) {
        keyOnly.u32(0, fd());
        keyAndValue.u32(0, fd());
        key.putBytes(0, from, 0, key.capacity());
    }

    private void check(int result, String operation) {
        if (result < 0) {
            throw new SysException("bpf(MAP_" + operation + " " + spec.name() + ")", -result);
        }
    }

    private static int valueBytes(MapSpec spec) {
        return spec.type() == MapType.PERCPU_ARRAY
                ? BitUtil.align(spec.valueBytes(), 8) * possibleCpus()
                : spec.valueBytes();
    }

    /** Copies in a per-CPU value: CPUs that could ever be there, not those that are. */
    static int possibleCpus() {
        Path possible = Path.of("/sys/devices/system/cpu/possible");
        try {
            String ranges = Files.readString(possible).strip();
            return 1 + Integer.parseInt(ranges.replaceFirst(".*[-,]", ""));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + possible + ", mount /sys", e);
        }
    }
}
