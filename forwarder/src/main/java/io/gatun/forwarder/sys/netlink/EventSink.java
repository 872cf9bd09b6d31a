package io.gatun.forwarder.sys.netlink;

/** Takes events in the order in which the kernel sent them. */
@FunctionalInterface
public interface EventSink {
    /**
     * Takes one event.
     *
     * @param flags NLM_F_* of the message; {@link Rtnetlink#NLM_F_REPLACE} and {@link Rtnetlink#NLM_F_APPEND} tell how a
     *     route joins those with the same destination and metric
     */
    void onEvent(NetlinkEvent event, int flags);
}
