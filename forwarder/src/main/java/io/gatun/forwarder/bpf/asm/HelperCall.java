package io.gatun.forwarder.bpf.asm;

import java.util.Locale;

/** Kernel functions that a program may call: enum bpf_func_id of include/uapi/linux/bpf.h. */
public enum HelperCall {
    /** {@code void *bpf_map_lookup_elem(map, key)}; Linux 3.19. */
    MAP_LOOKUP_ELEM(1),
    /** {@code long bpf_map_update_elem(map, key, value, flags)}; Linux 3.19. */
    MAP_UPDATE_ELEM(2),
    /** {@code long bpf_map_delete_elem(map, key)}; Linux 3.19. */
    MAP_DELETE_ELEM(3),
    /** {@code u64 bpf_ktime_get_ns()}: since boot, sleep not counted; Linux 4.1. */
    KTIME_GET_NS(5),
    /** {@code long bpf_redirect(ifindex, flags)}; Linux 4.4, for XDP 4.14. */
    REDIRECT(23),
    /** {@code long bpf_skb_load_bytes(skb, offset, to, len)}: copies, wherever the bytes are; Linux 4.5. */
    SKB_LOAD_BYTES(26),
    /**
     * {@code long bpf_skb_pull_data(skb, len)}: makes the first bytes linear; pointers into the packet are void after it.
     * Linux 4.9.
     */
    SKB_PULL_DATA(39),
    /**
     * {@code long bpf_redirect_map(map, key, flags)}; Linux 4.14. Since 5.3 the low two bits of flags are the action
     * for a key without an entry.
     */
    REDIRECT_MAP(51),
    /** {@code long bpf_xdp_load_bytes(xdp_md, offset, to, len)}: copies, wherever the bytes are; Linux 5.18. */
    XDP_LOAD_BYTES(189);

    final int id;

    HelperCall(int id) {
        this.id = id;
    }

    static String text(int id) {
        for (HelperCall call : values()) {
            if (call.id == id) {
                return call.name().toLowerCase(Locale.ROOT);
            }
        }
        return String.valueOf(id);
    }
}
