package io.gatun.forwarder.conntrack;

/** Chooses flows. */
@FunctionalInterface
public interface FlowPredicate {
    /** The flyweight is valid during the call only. */
    boolean test(FlowSlot flow);
}
