package io.gatun.ha.wire;

/** What {@link WireIdleStrategy} waits for. */
public interface Pollable {
    /** The descriptor that poll(2) finds readable when something waits, -1 when there is none. */
    default int descriptor() {
        return -1;
    }
}
