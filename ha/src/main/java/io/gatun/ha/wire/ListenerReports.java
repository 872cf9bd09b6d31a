package io.gatun.ha.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.HashMap;
import java.util.Map;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the kernel report on one interface that somebody here listens to an IPv6 multicast group, and answer for it when
 * a router asks (MLD, RFC 3810): a switch that snoops reports lets no frame of the group through without one. Best
 * effort: without IPv6 on the interface nothing is reported, and switches that do not snoop need nothing.
 */
final class ListenerReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerReports.class);

    private final int ifindex;
    private final Map<IpAddress, MembershipKey> memberships = new HashMap<>();
    private DatagramChannel channel;
    private boolean failed;

    ListenerReports(int ifindex) {
        this.ifindex = ifindex;
    }

    /** Joins, unless it did already. */
    void join(IpAddress group) {
        if (memberships.containsKey(group)) {
            return;
        }
        try {
            memberships.put(group, open().join(inet(group), link()));
        } catch (IOException e) {
            warnOnce(group, e);
        }
    }

    void leave(IpAddress group) {
        MembershipKey membership = memberships.remove(group);
        if (membership != null) {
            membership.drop();
        }
    }

    private DatagramChannel open() throws IOException {
        if (channel == null) {
            channel = DatagramChannel.open(StandardProtocolFamily.INET6);
        }
        return channel;
    }

    private NetworkInterface link() throws IOException {
        NetworkInterface link = NetworkInterface.getByIndex(ifindex);
        if (link == null) {
            throw new IOException("it has no address");
        }
        return link;
    }

    private static InetAddress inet(IpAddress group) throws UnknownHostException {
        return InetAddress.getByAddress(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(group.high())
                .putLong(group.low())
                .array());
    }

    private void warnOnce(IpAddress group, IOException e) {
        if (!failed) {
            failed = true;
            LOG.warn(
                    "multicast group {} is not reported on ifindex={} ({}): a switch that snoops MLD may withhold"
                            + " solicitations for VIPs; give the interface an IPv6 address",
                    group,
                    ifindex,
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        CloseHelper.quietClose(channel);
    }
}
