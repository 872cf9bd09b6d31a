package io.gatun.forwarder.sys.netlink;

import io.gatun.forwarder.sys.Memory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** A message to the kernel, written front to back: header, body, attributes. */
public final class NetlinkRequest {
    private static final int BYTES_MAX = 4096;
    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int MAC_BYTES = 6;

    private final ByteBuffer buffer = Memory.allocate(BYTES_MAX);
    private final String what;

    /**
     * Starts a message.
     *
     * @param type RTM_*
     * @param flags NLM_F_* besides NLM_F_REQUEST
     * @param what the message and its object, for errors, such as {@code RTM_NEWNEIGH 10.0.0.1 ifindex 3}
     */
    public NetlinkRequest(int type, int flags, String what) {
        this.what = what;
        buffer.putInt(0);
        buffer.putShort((short) type);
        buffer.putShort((short) (flags | Rtnetlink.NLM_F_REQUEST));
        buffer.putInt(0);
        buffer.putInt(0);
    }

    public NetlinkRequest u8(int value) {
        buffer.put((byte) value);
        return this;
    }

    public NetlinkRequest u16(int value) {
        buffer.putShort((short) value);
        return this;
    }

    public NetlinkRequest u32(int value) {
        buffer.putInt(value);
        return this;
    }

    public NetlinkRequest zeros(int bytes) {
        for (int i = 0; i < bytes; i++) {
            buffer.put((byte) 0);
        }
        return this;
    }

    public NetlinkRequest attribute(int type, int value) {
        return header(type, Integer.BYTES).u32(value);
    }

    public NetlinkRequest attribute(int type, InetAddress address) {
        return attribute(type, address.getAddress());
    }

    public NetlinkRequest attribute(int type, byte[] value) {
        header(type, value.length);
        buffer.put(value);
        return zeros(Rtnetlink.align(value.length) - value.length);
    }

    /** A zero-terminated string. */
    public NetlinkRequest attribute(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** A 48-bit Ethernet address, first byte highest. */
    public NetlinkRequest mac(int type, long mac) {
        byte[] bytes = new byte[MAC_BYTES];
        for (int i = 0; i < MAC_BYTES; i++) {
            bytes[i] = (byte) (mac >>> (8 * (MAC_BYTES - 1 - i)));
        }
        return attribute(type, bytes);
    }

    /** An attribute whose value is what {@code content} writes. */
    public NetlinkRequest nested(int type, Consumer<NetlinkRequest> content) {
        int start = buffer.position();
        header(type, 0);
        content.accept(this);
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    /** AF_INET or AF_INET6. */
    static int family(InetAddress address) {
        return address.getAddress().length == 4 ? Rtnetlink.AF_INET : Rtnetlink.AF_INET6;
    }

    String what() {
        return what;
    }

    /** The message as it goes out: a direct buffer, position 0 to limit. */
    ByteBuffer seal(int sequence) {
        int length = buffer.position();
        buffer.putInt(0, length);
        buffer.putInt(8, sequence);
        return buffer.duplicate().order(ByteOrder.nativeOrder()).flip();
    }

    private NetlinkRequest header(int type, int length) {
        return u16(ATTRIBUTE_HEADER_BYTES + length).u16(type);
    }
}
