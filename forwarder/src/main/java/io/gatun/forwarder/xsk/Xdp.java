package io.gatun.forwarder.xsk;

/** Constants of include/uapi/linux/if_xdp.h (Linux 4.18 unless said otherwise) and of the socket options beside it. */
final class Xdp {
    static final int AF_XDP = 44;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_XDP = 283;

    static final int XDP_MMAP_OFFSETS = 1;
    static final int XDP_RX_RING = 2;
    static final int XDP_TX_RING = 3;
    static final int XDP_UMEM_REG = 4;
    static final int XDP_UMEM_FILL_RING = 5;
    static final int XDP_UMEM_COMPLETION_RING = 6;
    static final int XDP_STATISTICS = 7;
    static final int XDP_OPTIONS = 8;

    /** Frames that one send call may move in copy mode; Linux 6.17, before it always 32. */
    static final int XDP_MAX_TX_SKB_BUDGET = 9;

    static final int XDP_COPY = 1 << 1;
    static final int XDP_ZEROCOPY = 1 << 2;

    /** Linux 5.4. */
    static final int XDP_USE_NEED_WAKEUP = 1 << 3;

    static final int XDP_RING_NEED_WAKEUP = 1;
    static final int XDP_OPTIONS_ZEROCOPY = 1;

    static final long PGOFF_RX_RING = 0;
    static final long PGOFF_TX_RING = 0x8000_0000L;
    static final long PGOFF_FILL_RING = 0x1_0000_0000L;
    static final long PGOFF_COMPLETION_RING = 0x1_8000_0000L;

    /** sizeof(struct xdp_mmap_offsets): four rings of producer, consumer, desc, flags (flags: Linux 5.4). */
    static final int MMAP_OFFSETS_LENGTH = 128;

    /** sizeof(struct xdp_desc): u64 addr, u32 len, u32 options. */
    static final int DESCRIPTOR_LENGTH = 16;

    /** XDP_PACKET_HEADROOM of include/uapi/linux/bpf.h: what the kernel leaves free before a received frame. */
    static final int PACKET_HEADROOM = 256;

    static final int SOL_SOCKET = 1;
    static final int SO_BUSY_POLL = 46;

    /** Linux 4.12. */
    static final int SO_INCOMING_NAPI_ID = 56;

    /** Linux 5.11, as SO_BUSY_POLL_BUDGET. */
    static final int SO_PREFER_BUSY_POLL = 69;

    static final int SO_BUSY_POLL_BUDGET = 70;

    static final int MSG_DONTWAIT = 0x40;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_POPULATE = 0x8000;

    private Xdp() {}
}
