package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Libc;

/**
 * A map to create.
 *
 * @param name shown by the kernel, up to 15 letters, digits, '_' or '.'
 * @param keyBytes size of a key
 * @param valueBytes size of a value (of one CPU's copy, where there is one per CPU)
 * @param maxEntries capacity
 * @param flags {@link #NO_PREALLOC} or 0
 */
public record MapSpec(String name, MapType type, int keyBytes, int valueBytes, int maxEntries, int flags) {
    /** BPF_F_NO_PREALLOC: memory per entry as it comes; needed by LPM_TRIE. Linux 4.6. */
    public static final int NO_PREALLOC = 1;

    public MapSpec {
        BpfAttr.checkName(name);
        if (keyBytes < 1 || valueBytes < 1 || maxEntries < 1) {
            throw new IllegalArgumentException("map " + name + " has keyBytes=" + keyBytes + ", valueBytes="
                    + valueBytes + ", maxEntries=" + maxEntries + ", each must be at least 1");
        }
    }

    public MapSpec(String name, MapType type, int keyBytes, int valueBytes, int maxEntries) {
        this(name, type, keyBytes, valueBytes, maxEntries, 0);
    }

    /** Creates the map; the caller owns it. */
    public BpfMap create(Libc libc) {
        return BpfMap.create(libc, this);
    }
}
