package io.gatun.forwarder.control;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The connections of this node, as bytes that another node's exchange understands: records, back to back, none longer
 * than {@link #RECORD_LENGTH_MAX}. For one thread.
 */
public interface ConnectionExchange {
    /** Bytes of the longest record. */
    int RECORD_LENGTH_MAX = 108;

    /**
     * Writes records of what has changed since the last call, as many as surely fit.
     *
     * @return bytes written; 0 when nothing has changed
     */
    int drain(MutableDirectBuffer buffer, int offset, int length);

    /** Changes that wait to be drained. */
    long waiting();

    /** Connections in the table. */
    long connections();

    /** Whether changes were lost since the last call, so that only the whole table says what they were. */
    boolean takeLost();

    /** Begins a walk over the whole table that shows every connection. */
    Walk walk();

    /** Begins a walk that shows those connections of this node which had packets since it last came by, for ever. */
    Walk refresh();

    /**
     * Takes another node's records into the table; what makes no sense is counted and left.
     *
     * @return records read
     */
    int apply(DirectBuffer buffer, int offset, int length);

    /** Counts. */
    void count(SyncCount what, long amount);

    /** Says what a measure is now. */
    void measure(SyncCount what, long value);

    /** A walk over the table in steps. */
    interface Walk {
        /**
         * Writes the next records, as many as surely fit.
         *
         * @param part of the table to look at in this step at most, as {@code 1 / part} of it
         * @return bytes written, which may be 0 before the end
         */
        int next(MutableDirectBuffer buffer, int offset, int length, int part);

        /** Whether the last step was the last of a round. */
        boolean isAtEnd();
    }
}
