package io.gatun.forwarder.sys.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** struct ndmsg and NDA_* attributes, include/uapi/linux/neighbour.h. */
final class NeighbourParser {
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NTF_PROXY = 1 << 3;

    private NeighbourParser() {}

    /** The event, or null for proxy entries (ours to answer for) and forwarding entries of bridges (AF_BRIDGE). */
    static NeighbourEvent parse(MessageCursor message) {
        int body = message.body(Rtnetlink.NEIGHBOUR_BODY_BYTES);
        ByteBuffer buffer = message.buffer();
        int family = buffer.get(body);
        int flags = buffer.get(body + 10);
        boolean ip = family == Rtnetlink.AF_INET || family == Rtnetlink.AF_INET6;
        if (!ip || (flags & NTF_PROXY) != 0) {
            return null;
        }
        int ifindex = buffer.getInt(body + 4);
        int state = Short.toUnsignedInt(buffer.getShort(body + 8));
        InetAddress address = null;
        long mac = AttributeCursor.NO_MAC;
        AttributeCursor attribute = AttributeCursor.after(message, Rtnetlink.NEIGHBOUR_BODY_BYTES);
        while (attribute.next()) {
            switch (attribute.type()) {
                case NDA_DST -> address = attribute.address(family);
                case NDA_LLADDR -> mac = attribute.mac();
                default -> {}
            }
        }
        if (address == null || ifindex <= 0) {
            throw new MalformedException("neighbour " + address + " on ifindex=" + ifindex);
        }
        return new NeighbourEvent(ifindex, address, mac, state, message.type() == Rtnetlink.RTM_DELNEIGH);
    }
}
