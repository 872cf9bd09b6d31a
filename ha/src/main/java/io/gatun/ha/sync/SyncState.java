package io.gatun.ha.sync;

/** How much of the peers' connections is here. Of several peers the last one of these counts. */
public enum SyncState {
    /** All that was there when the peer was heard of, and what changed since. */
    COMPLETE,
    /** Nothing has been heard for three seconds, or ever. */
    SILENT,
    /** The peer is there, and its whole table is on its way. */
    COMING
}
