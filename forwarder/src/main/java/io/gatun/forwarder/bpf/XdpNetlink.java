package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The two rtnetlink requests about XDP: set a program on a link, and ask which is there (include/uapi/linux/rtnetlink.h,
 * if_link.h; Linux 4.8). One socket per request, so that the next message is the answer.
 *
 * <pre>
 *   nlmsghdr (16) | ifinfomsg (16) | IFLA_XDP { IFLA_XDP_FD | IFLA_XDP_FLAGS | IFLA_XDP_EXPECTED_FD }
 * </pre>
 */
final class XdpNetlink {
    /** XDP_FLAGS_UPDATE_IF_NOEXIST; Linux 4.8. */
    static final int FLAG_IF_NOEXIST = 1;
    /** XDP_FLAGS_SKB_MODE; Linux 4.12. */
    static final int FLAG_SKB_MODE = 2;
    /** XDP_FLAGS_DRV_MODE; Linux 4.12. */
    static final int FLAG_DRV_MODE = 4;
    /** XDP_FLAGS_REPLACE: only when the program of IFLA_XDP_EXPECTED_FD is there; Linux 5.7. */
    static final int FLAG_REPLACE = 16;

    /** The descriptor that stands for no program. */
    static final int NO_PROGRAM = -1;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    /** Linux 4.12. */
    private static final int NETLINK_EXT_ACK = 11;

    private static final int NLMSG_ERROR = 2;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;

    private static final int NESTED = 0x8000;
    private static final int TYPE_MASK = 0x3fff;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_XDP_FD = 1;
    private static final int IFLA_XDP_ATTACHED = 2;
    private static final int IFLA_XDP_FLAGS = 3;
    private static final int IFLA_XDP_PROG_ID = 4;
    private static final int IFLA_XDP_EXPECTED_FD = 8;

    private static final int HEADER_BYTES = 16;
    private static final int LINK_BYTES = 16;
    private static final int ATTRIBUTE_BYTES = 4;
    private static final int ERROR_BYTES = 4;
    private static final int REPLY_BYTES = 64 * 1024;

    private final Libc libc;

    XdpNetlink(Libc libc) {
        this.libc = libc;
    }

    /**
     * What IFLA_XDP says of a link.
     *
     * @param attached XDP_ATTACHED_*: 0 none, 1 driver, 2 skb, 3 hardware, 4 several
     * @param programId the program, 0 where attached is 0 or 4
     */
    record State(int attached, int programId) {
        static final int NONE = 0;
        static final int DRV = 1;
        static final int SKB = 2;
    }

    /** Answer to a request: errno (0: done), and the kernel's own words where it has some. */
    record Answer(int errno, String message) {}

    /**
     * Sets a program.
     *
     * @param programFd the program, or {@link #NO_PROGRAM} to remove
     * @param expectedFd with FLAG_REPLACE the program that must be there now
     */
    Answer set(int ifindex, int programFd, int flags, int expectedFd) {
        UnsafeBuffer reply = exchange(setRequest(ifindex, programFd, flags, expectedFd), "set XDP on " + ifindex);
        return answer(reply);
    }

    /** Asks what is attached; throws {@link SysException} ENODEV when there is no such interface. */
    State state(int ifindex) {
        String what = "ask for XDP on interface " + ifindex;
        UnsafeBuffer reply = exchange(getRequest(ifindex), what);
        if (reply.getShort(4) != RTM_NEWLINK) {
            throw new SysException(what, answer(reply).errno());
        }
        int end = reply.getInt(0);
        int xdp = find(reply, HEADER_BYTES + LINK_BYTES, end, IFLA_XDP);
        if (xdp < 0) {
            return new State(State.NONE, 0);
        }
        int xdpEnd = xdp + (reply.getShort(xdp) & 0xffff);
        int attached = find(reply, xdp + ATTRIBUTE_BYTES, xdpEnd, IFLA_XDP_ATTACHED);
        int program = find(reply, xdp + ATTRIBUTE_BYTES, xdpEnd, IFLA_XDP_PROG_ID);
        return new State(
                attached < 0 ? State.NONE : reply.getByte(attached + ATTRIBUTE_BYTES),
                program < 0 ? 0 : reply.getInt(program + ATTRIBUTE_BYTES));
    }

    static UnsafeBuffer setRequest(int ifindex, int programFd, int flags, int expectedFd) {
        boolean replace = (flags & FLAG_REPLACE) != 0;
        int nestedBytes = ATTRIBUTE_BYTES + (replace ? 24 : 16);
        UnsafeBuffer request = request(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, ifindex, nestedBytes);
        int at = HEADER_BYTES + LINK_BYTES;
        request.putShort(at, (short) nestedBytes);
        request.putShort(at + 2, (short) (NESTED | IFLA_XDP));
        at = u32(request, at + ATTRIBUTE_BYTES, IFLA_XDP_FD, programFd);
        at = u32(request, at, IFLA_XDP_FLAGS, flags);
        if (replace) {
            u32(request, at, IFLA_XDP_EXPECTED_FD, expectedFd);
        }
        return request;
    }

    static UnsafeBuffer getRequest(int ifindex) {
        return request(RTM_GETLINK, NLM_F_REQUEST, ifindex, 0);
    }

    private static UnsafeBuffer request(int type, int flags, int ifindex, int attributeBytes) {
        int length = HEADER_BYTES + LINK_BYTES + attributeBytes;
        UnsafeBuffer request = BpfAttr.offHeap(length);
        request.putInt(0, length);
        request.putShort(4, (short) type);
        request.putShort(6, (short) flags);
        request.putInt(8, 1); // sequence number
        request.putInt(HEADER_BYTES + 4, ifindex);
        return request;
    }

    private static int u32(UnsafeBuffer request, int at, int type, int value) {
        request.putShort(at, (short) (ATTRIBUTE_BYTES + Integer.BYTES));
        request.putShort(at + 2, (short) type);
        request.putInt(at + ATTRIBUTE_BYTES, value);
        return at + ATTRIBUTE_BYTES + Integer.BYTES;
    }

    private UnsafeBuffer exchange(UnsafeBuffer request, String what) {
        UnsafeBuffer reply = BpfAttr.offHeap(REPLY_BYTES);
        try (Fd socket = Fd.own(libc, libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE), "socket(NETLINK)")) {
            reply.putInt(0, 1);
            libc.setsockopt(socket.number(), SOL_NETLINK, NETLINK_EXT_ACK, reply.addressOffset(), Integer.BYTES);
            SysException.check(
                    libc.sendto(socket.number(), request.addressOffset(), request.capacity(), 0, 0, 0), what);
            SysException.check(libc.recvfrom(socket.number(), reply.addressOffset(), REPLY_BYTES, 0, 0, 0), what);
        } finally {
            Reference.reachabilityFence(request);
        }
        return reply;
    }

    /** NLMSG_ERROR: errno, the request's header (and body, unless capped), then attributes. */
    private static Answer answer(UnsafeBuffer reply) {
        if (reply.getShort(4) != NLMSG_ERROR) {
            throw new IllegalStateException("rtnetlink answered with message type " + reply.getShort(4));
        }
        int errno = -reply.getInt(HEADER_BYTES);
        int flags = reply.getShort(6);
        if ((flags & NLM_F_ACK_TLVS) == 0) {
            return new Answer(errno, "");
        }
        int echoed = HEADER_BYTES + ERROR_BYTES;
        int echoedBytes = (flags & NLM_F_CAPPED) != 0 ? HEADER_BYTES : reply.getInt(echoed);
        int message = find(reply, echoed + BitUtil.align(echoedBytes, 4), reply.getInt(0), NLMSGERR_ATTR_MSG);
        return new Answer(errno, message < 0 ? "" : string(reply, message));
    }

    /** Offset of an attribute, or -1. */
    private static int find(UnsafeBuffer buffer, int from, int end, int type) {
        int at = from;
        while (at + ATTRIBUTE_BYTES <= end) {
            int length = buffer.getShort(at) & 0xffff;
            if (length < ATTRIBUTE_BYTES || at + length > end) {
                return -1;
            }
            if ((buffer.getShort(at + 2) & TYPE_MASK) == type) {
                return at;
            }
            at += BitUtil.align(length, 4);
        }
        return -1;
    }

    private static String string(UnsafeBuffer buffer, int attribute) {
        byte[] bytes = new byte[(buffer.getShort(attribute) & 0xffff) - ATTRIBUTE_BYTES];
        buffer.getBytes(attribute + ATTRIBUTE_BYTES, bytes);
        return new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
    }
}
