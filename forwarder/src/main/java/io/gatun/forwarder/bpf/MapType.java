package io.gatun.forwarder.bpf;

/** Kinds of map that Gatun uses: enum bpf_map_type of include/uapi/linux/bpf.h. */
public enum MapType {
    /** Linux 3.19. */
    HASH(1),
    /** Linux 3.19. */
    ARRAY(2),
    /** Linux 4.6; a value is one copy per possible CPU, each padded to 8 bytes. */
    PERCPU_ARRAY(6),
    /** Linux 4.10; the entry that was used least recently makes room. */
    LRU_HASH(9),
    /** Linux 4.11; a key is a u32 prefix length and the bytes. */
    LPM_TRIE(11),
    /** Linux 4.18; key u32, value the u32 descriptor of a bound AF_XDP socket. */
    XSKMAP(17);

    final int number;

    MapType(int number) {
        this.number = number;
    }
}
