package io.gatun.forwarder.conntrack;

/** How long a connection may be silent. Called by the sweeper's thread; the flyweight is valid during the call only. */
@FunctionalInterface
public interface ExpiryPolicy {
    /**
     * Ticks of silence after which this direction no longer holds its connection. A connection goes when both
     * directions have been silent for their time.
     *
     * @return less than 2^30, see {@link FlowTable#ticks}
     */
    int timeoutTicks(FlowSlot flow);

    /** A direction that is live, before it is judged. */
    default void visited(FlowSlot flow) {}

    /** Every slot of the table has been visited once more. */
    default void roundComplete() {}

    /** A direction has been removed because it was silent; its contents stay readable during the call. */
    default void expired(FlowSlot flow) {}

    /** The slot of a direction that has been removed so, before {@link #expired}. */
    default void removed(FlowSlot flow, long slotId) {}

    /** Both directions of a connection have been removed so, after {@link #expired} for each. */
    default void expired(FlowSlot flow, FlowSlot other) {}

    /** The only direction that there was has been removed so, after {@link #expired}. */
    default void expiredAlone(FlowSlot flow) {}
}
