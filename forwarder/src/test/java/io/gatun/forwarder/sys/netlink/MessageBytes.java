package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the kernel's side of rtnetlink, byte by byte, for tests. */
final class MessageBytes {
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).order(ByteOrder.nativeOrder());
    private int start;

    MessageBytes message(int type, int flags, int sequence) {
        start = buffer.position();
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        return lengthened();
    }

    MessageBytes body(int... bytes) {
        for (int b : bytes) {
            buffer.put((byte) b);
        }
        return lengthened();
    }

    MessageBytes ints(int... values) {
        for (int value : values) {
            buffer.putInt(value);
        }
        return lengthened();
    }

    MessageBytes attribute(int type, byte... value) {
        buffer.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
        return lengthened();
    }

    MessageBytes attribute(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    MessageBytes attribute(int type, String value) {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    MessageBytes address(int type, String literal) {
        return attribute(type, InetAddress.ofLiteral(literal).getAddress());
    }

    /** Says that the message is as long as this, whatever it is. */
    MessageBytes claim(int length) {
        buffer.putInt(start, length);
        return this;
    }

    ByteBuffer datagram() {
        return buffer.duplicate().order(ByteOrder.nativeOrder()).flip();
    }

    /** The link eth0 with ifindex 3, an Ethernet device that is up and running. */
    static MessageBytes link(int type) {
        return new MessageBytes()
                .message(type, 0, 0)
                .body(0, 0, 1, 0)
                .ints(3, 0x11043, 0)
                .attribute(3, "eth0")
                .attribute(4, 1500)
                .attribute(1, new byte[] {2, (byte) 0xfc, 0, 0, 0, 1});
    }

    /** A route of the main table: 10.20.0.0/16 by gateway through ifindex 3, metric 7. */
    static MessageBytes route(int type, int flags, String gateway) {
        return new MessageBytes()
                .message(type, flags, 0)
                .body(2, 16, 0, 0, 254, 3, 0, 1)
                .ints(0)
                .address(1, "10.20.0.0")
                .attribute(6, 7)
                .address(5, gateway)
                .attribute(4, 3);
    }

    static MessageBytes neighbour(int type, int state, byte... mac) {
        MessageBytes bytes = new MessageBytes()
                .message(type, 0, 0)
                .body(2, 0, 0, 0)
                .ints(3, state)
                .address(1, "10.9.0.2");
        return mac.length == 0 ? bytes : bytes.attribute(2, mac);
    }

    private MessageBytes lengthened() {
        buffer.putInt(start, buffer.position() - start);
        return this;
    }
}
