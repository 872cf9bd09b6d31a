package io.gatun.forwarder.raw;

/** Constants of include/uapi/linux/if_packet.h and of the socket options beside it. */
final class AfPacket {
    static final int AF_PACKET = 17;
    static final int SOCK_RAW = 3;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;

    static final int SOL_SOCKET = 1;
    static final int SO_ERROR = 4;
    static final int SO_ATTACH_FILTER = 26;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;

    /** Linux 3.19. */
    static final int SO_ATTACH_BPF = 50;

    static final int SOL_PACKET = 263;
    static final int PACKET_STATISTICS = 6;

    /** Linux 2.6.21. */
    static final int PACKET_AUXDATA = 8;

    /** Linux 2.6.34; for socket buffers without a ring as well. */
    static final int PACKET_VNET_HDR = 15;

    /** Linux 3.1. */
    static final int PACKET_FANOUT = 18;

    /** Linux 4.20. */
    static final int PACKET_IGNORE_OUTGOING = 23;

    static final int PACKET_FANOUT_HASH = 0;

    /** Linux 3.14. */
    static final int PACKET_FANOUT_QM = 5;

    /** Linux 4.12: the kernel chooses an id that no other group of the namespace has. */
    static final int PACKET_FANOUT_FLAG_UNIQUEID = 0x2000;

    /** Of struct tpacket_auxdata: the kernel has taken a VLAN tag out of the frame; its TPID is told (Linux 3.14). */
    static final int TP_STATUS_VLAN_VALID = 1 << 4;

    static final int TP_STATUS_VLAN_TPID_VALID = 1 << 6;

    static final int ETH_P_ALL = 3;

    /** struct sockaddr_ll: family, protocol (big endian), ifindex, hatype, pkttype, halen, addr[8]. */
    static final int SOCKADDR_LL_BYTES = 20;

    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final short POLLIN = 1;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;

    private AfPacket() {}
}
