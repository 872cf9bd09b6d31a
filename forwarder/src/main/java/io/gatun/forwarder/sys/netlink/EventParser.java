package io.gatun.forwarder.sys.netlink;

import java.nio.ByteBuffer;

/**
 * Turns datagrams into events. What it does not know it ignores; what breaks its own lengths it counts and skips; it
 * never throws for what it reads. Not thread-safe.
 */
public final class EventParser {
    private final MessageCursor cursor = new MessageCursor();
    private long malformed;
    private String lastMalformed = "";

    /**
     * Parses all messages of a datagram.
     *
     * @param datagram in host byte order, position to limit; neither is moved
     */
    public void parse(ByteBuffer datagram, EventSink sink) {
        cursor.wrap(datagram);
        while (step(cursor)) {
            parseMessage(cursor, sink);
        }
    }

    /** Messages skipped because a length was wrong. */
    public long malformed() {
        return malformed;
    }

    /** What was wrong with the last one, empty when there was none. */
    public String lastMalformed() {
        return lastMalformed;
    }

    /** Steps to the next message; the rest of a datagram whose framing is broken is skipped. */
    boolean step(MessageCursor messages) {
        try {
            return messages.next();
        } catch (MalformedException e) {
            onMalformed(e);
            return false;
        }
    }

    void parseMessage(MessageCursor message, EventSink sink) {
        NetlinkEvent event;
        try {
            event = event(message);
        } catch (MalformedException e) {
            onMalformed(e);
            return;
        }
        if (event != null) {
            sink.onEvent(event, message.flags());
        }
    }

    private static NetlinkEvent event(MessageCursor message) {
        return switch (message.type()) {
            case Rtnetlink.RTM_NEWLINK, Rtnetlink.RTM_DELLINK -> LinkParser.parse(message);
            case Rtnetlink.RTM_NEWADDR, Rtnetlink.RTM_DELADDR -> AddressParser.parse(message);
            case Rtnetlink.RTM_NEWROUTE, Rtnetlink.RTM_DELROUTE -> RouteParser.parse(message);
            case Rtnetlink.RTM_NEWNEIGH, Rtnetlink.RTM_DELNEIGH -> NeighbourParser.parse(message);
            case Rtnetlink.RTM_NEWNEXTHOP, Rtnetlink.RTM_DELNEXTHOP -> NexthopParser.parse(message);
            default -> null;
        };
    }

    private void onMalformed(MalformedException e) {
        malformed++;
        lastMalformed = e.getMessage();
    }
}
