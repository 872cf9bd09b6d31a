package io.gatun.forwarder.sys.netlink;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.SysException;

/** struct nlmsgerr: the kernel's answer to a request, an acknowledgement when its error is 0. */
final class NetlinkError {
    private static final int ERROR_BYTES = 4;
    private static final int REASON_BYTES_MAX = 1024;
    /** The kernel's own words (Linux 4.12). */
    private static final int NLMSGERR_ATTR_MSG = 1;

    private NetlinkError() {}

    /**
     * Reads NLMSG_ERROR, or the status of NLMSG_DONE.
     *
     * @throws SysException for an error, with the kernel's words where it gave any
     */
    static void check(MessageCursor message, String what) {
        int error = error(message);
        if (error < 0) {
            String reason = reason(message);
            throw new SysException(reason.isEmpty() ? what : what + " (kernel: " + reason + ")", -error);
        }
    }

    /** A status that is cut off is no success. */
    private static int error(MessageCursor message) {
        try {
            return message.buffer().getInt(message.body(ERROR_BYTES));
        } catch (MalformedException e) {
            return -Errno.EPROTO;
        }
    }

    private static String reason(MessageCursor message) {
        try {
            return (message.flags() & Rtnetlink.NLM_F_ACK_TLVS) == 0 ? "" : words(message);
        } catch (MalformedException e) {
            return "";
        }
    }

    private static String words(MessageCursor message) {
        String reason = "";
        AttributeCursor attribute = AttributeCursor.after(message, ERROR_BYTES + echoedBytes(message));
        while (attribute.next()) {
            if (attribute.type() == NLMSGERR_ATTR_MSG) {
                reason = attribute.string(REASON_BYTES_MAX);
            }
        }
        return reason;
    }

    /** NLMSG_ERROR repeats the request, or its header only when capped; NLMSG_DONE repeats nothing. */
    private static int echoedBytes(MessageCursor message) {
        if (message.type() == Rtnetlink.NLMSG_DONE) {
            return 0;
        }
        int echoed = message.body(ERROR_BYTES + Rtnetlink.HEADER_BYTES) + ERROR_BYTES;
        boolean capped = (message.flags() & Rtnetlink.NLM_F_CAPPED) != 0;
        int length = capped ? Rtnetlink.HEADER_BYTES : message.buffer().getInt(echoed);
        if (length < Rtnetlink.HEADER_BYTES || length > message.end() - echoed) {
            throw new MalformedException("echoed nlmsg_len=" + length);
        }
        return length;
    }
}
