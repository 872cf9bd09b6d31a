package io.gatun.forwarder.conntrack;

/** Receives flows of a listing. */
@FunctionalInterface
public interface FlowVisitor {
    /**
     * One flow.
     *
     * @param flow a consistent copy, valid during the call only
     * @param slotId where it was when it was copied
     */
    void onFlow(FlowSlot flow, long slotId);
}
