package io.gatun.forwarder.sys.netlink;

import java.nio.ByteBuffer;

/**
 * Walks the messages of one datagram.
 *
 * <pre>
 *  0         4      6       8          12       16
 *  +---------+------+-------+----------+--------+-----------
 *  | length  | type | flags | sequence | port   | body ...
 *  +---------+------+-------+----------+--------+-----------
 * </pre>
 *
 * struct nlmsghdr of include/uapi/linux/netlink.h, host byte order; the length includes the header and the next message
 * starts at the following multiple of four.
 */
final class MessageCursor {
    private ByteBuffer buffer;
    private int start;
    private int messageEnd;
    private int next;
    private int end;

    /** Starts before the first message of {@code datagram}, which spans position to limit. */
    MessageCursor wrap(ByteBuffer datagram) {
        buffer = datagram;
        start = datagram.position();
        next = start;
        end = datagram.limit();
        return this;
    }

    /** Steps to the next message. @throws MalformedException when its length cannot be */
    boolean next() {
        if (next >= end) {
            return false;
        }
        int left = end - next;
        int length = left < Rtnetlink.HEADER_BYTES ? left : buffer.getInt(next);
        if (length < Rtnetlink.HEADER_BYTES || length > left) {
            next = end;
            throw new MalformedException("nlmsg_len=" + length + " with " + left + " bytes left");
        }
        start = next;
        next = left - length < 4 ? end : start + Rtnetlink.align(length);
        messageEnd = start + length;
        return true;
    }

    int type() {
        return Short.toUnsignedInt(buffer.getShort(start + 4));
    }

    int flags() {
        return Short.toUnsignedInt(buffer.getShort(start + 6));
    }

    int sequence() {
        return buffer.getInt(start + 8);
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** Offset of the body, once it is known to hold at least {@code bytes}. */
    int body(int bytes) {
        int body = start + Rtnetlink.HEADER_BYTES;
        if (messageEnd - body < bytes) {
            throw new MalformedException("type " + type() + " body of " + (messageEnd - body) + " < " + bytes);
        }
        return body;
    }

    /** Offset after the body. */
    int end() {
        return messageEnd;
    }
}
