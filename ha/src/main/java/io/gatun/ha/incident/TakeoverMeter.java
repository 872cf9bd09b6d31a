package io.gatun.ha.incident;

/** Counters that tell how a takeover goes on; any thread, and cheap enough for each millisecond. */
public interface TakeoverMeter {
    /** Announcements sent of VIPs of a family. */
    long announced(boolean ipv6);

    /** Packets forwarded. */
    long forwarded();

    /** Packets that belonged to no connection. */
    long withoutConnection();

    /** In the table now. */
    long connections();
}
