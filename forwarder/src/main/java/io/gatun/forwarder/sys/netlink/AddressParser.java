package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** struct ifaddrmsg and IFA_* attributes, include/uapi/linux/if_addr.h. */
final class AddressParser {
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    /** Linux 3.14: the flags that do not fit into the body's byte. */
    private static final int IFA_FLAGS = 8;

    private AddressParser() {}

    /** The event, or null for families other than IPv4 and IPv6. */
    static AddressEvent parse(MessageCursor message) {
        int body = message.body(Rtnetlink.ADDRESS_BODY_BYTES);
        ByteBuffer buffer = message.buffer();
        int family = buffer.get(body);
        if (family != Rtnetlink.AF_INET && family != Rtnetlink.AF_INET6) {
            return null;
        }
        int prefixLength = Prefix.require(family, Byte.toUnsignedInt(buffer.get(body + 1)));
        int flags = Byte.toUnsignedInt(buffer.get(body + 2));
        int scope = Byte.toUnsignedInt(buffer.get(body + 3));
        int ifindex = buffer.getInt(body + 4);
        InetAddress address = null;
        InetAddress local = null;
        AttributeCursor attribute = AttributeCursor.after(message, Rtnetlink.ADDRESS_BODY_BYTES);
        while (attribute.next()) {
            switch (attribute.type()) {
                case IFA_ADDRESS -> address = attribute.address(family);
                case IFA_LOCAL -> local = attribute.address(family);
                case IFA_FLAGS -> flags = attribute.u32();
                default -> {}
            }
        }
        // On a point-to-point link IFA_ADDRESS is the other end's; IFA_LOCAL is always ours, but IPv6 may omit it.
        InetAddress own = local != null ? local : address;
        if (own == null || ifindex <= 0) {
            throw new MalformedException("address " + own + " on ifindex=" + ifindex);
        }
        boolean removed = message.type() == Rtnetlink.RTM_DELADDR;
        return new AddressEvent(ifindex, own, prefixLength, scope, flags, removed);
    }
}
