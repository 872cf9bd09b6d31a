package io.gatun.forwarder.control;

/** What is counted or measured of the exchange of connections with other nodes; each is a counter of that name. */
public enum SyncCount {
    /** Records sent, once for each node they went to. */
    SENT("sync_sent"),
    /** Records received in sound messages. */
    RECEIVED("sync_received"),
    /** Received records that changed the table. */
    APPLIED("sync_applied"),
    /** Received records for which the table had no room, or whose source towards the endpoint is not ours. */
    UNPLACED("sync_unplaced"),
    /** Messages that are not signed with the key, or that were sent before. */
    REFUSED_AUTH("sync_refused_auth"),
    /** Messages and records that make no sense. */
    BAD("sync_bad"),
    /** Changes for which a ring had no room, and batches for which the network had none; the whole table follows. */
    LOST("sync_lost"),
    /** Whole tables received, up to the mark at their end. */
    TABLES("sync_tables"),
    /** When a received record changed the table last, in milliseconds of the epoch. */
    APPLIED_MS("sync_applied_ms"),
    /** For how many milliseconds some peer has not been sent all that this node's table says; 0 when all have. */
    LAG_MS("sync_lag_ms"),
    /** Connections that some peer may not have: changed ones that wait, or all while it is silent or gets its table. */
    UNSYNCED("sync_unsynced");

    private final String label;

    SyncCount(String label) {
        this.label = label;
    }

    /** Name of the counter. */
    public String label() {
        return label;
    }
}
