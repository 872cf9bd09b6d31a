package io.gatun.ha.sync;

import io.gatun.forwarder.control.ConnectionExchange;
import io.gatun.forwarder.control.SyncCount;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is known of one peer, and what waits to be sent to it. A session is a pair of ids; a peer that starts anew has
 * another one, and one whose messages have a gap in their numbers is asked for its whole table.
 */
final class SyncLink {
    private static final long HELLO_EVERY_NS = TimeUnit.SECONDS.toNanos(1);

    /** How long others wait for a peer that takes nothing. */
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Three hellos. */
    private static final long SILENT_NS = TimeUnit.SECONDS.toNanos(3);

    private final int peer;
    private final long id;
    private final SyncTransport transport;
    private final ConnectionExchange exchange;
    private final SyncKey key;
    private final byte[] bytes = new byte[SyncMessage.LENGTH_MAX];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private final SyncMessage message = new SyncMessage();
    private final LongHashSet retired = new LongHashSet();
    private long peerId;
    private long sent;
    /** Messages that were for others than the peer that is there now; if there are any, it learns so. */
    private long strange;

    private long received;
    private long receivedNs;
    private long wantedTable;
    private boolean hasTable;
    private long askedTable;
    private ConnectionExchange.Walk table;
    private boolean endPending;
    private long nextHelloNs;
    private int pendingLength;
    private int pendingRecords;
    private long pendingSinceNs;
    private boolean stalled;

    /**
     * A link to a peer that has not been heard of.
     *
     * @param id random, not 0
     * @param key null for none
     */
    SyncLink(int peer, long id, SyncTransport transport, ConnectionExchange exchange, SyncKey key, long nowNs) {
        this.peer = peer;
        this.id = id;
        this.transport = transport;
        this.exchange = exchange;
        this.key = key;
        this.nextHelloNs = nowNs;
    }

    long id() {
        return id;
    }

    /** Whether the peer has been heard of. */
    boolean isEstablished() {
        return peerId != 0;
    }

    /** Whether a message waits that the peer has no room for yet. */
    boolean isBusy() {
        return pendingLength > 0;
    }

    /** Whether all that the peer had when it was heard of, or after the last gap, is here. */
    SyncState state(long nowNs) {
        if (peerId == 0 || nowNs - receivedNs > SILENT_NS) {
            return SyncState.SILENT;
        }
        return hasTable ? SyncState.COMPLETE : SyncState.COMING;
    }

    /** Of so many connections, those that the peer may not have, as far as they are for the link to send. */
    long unsynced(long connections, long nowNs) {
        if (state(nowNs) == SyncState.SILENT || table != null || endPending) {
            return connections;
        }
        return isBusy() ? pendingRecords : 0;
    }

    /** Bytes of records that a message has room for. */
    int room() {
        return SyncMessage.LENGTH_MAX - SyncMessage.HEADER_LENGTH - (key == null ? 0 : SyncKey.SIGNATURE_LENGTH);
    }

    /**
     * A message to this link has come, signed if it has to be.
     *
     * @return whether it is a new one of the peer that is there now
     */
    boolean accept(SyncMessage incoming, long nowNs) {
        long from = incoming.from();
        if (retired.contains(from)) {
            exchange.count(SyncCount.REFUSED_AUTH, 1);
            return false;
        }
        if (from != peerId) {
            meet(from, incoming.counter(), nowNs);
        } else if (key != null && incoming.counter() <= received) {
            exchange.count(SyncCount.REFUSED_AUTH, 1);
            return false;
        } else if (incoming.counter() != received + 1) {
            wantTable(nowNs);
        }
        received = incoming.counter();
        receivedNs = nowNs;
        return true;
    }

    private void meet(long from, long counter, long nowNs) {
        if (peerId != 0 && key != null) {
            retired.add(peerId);
        }
        peerId = from;
        sent += strange;
        strange = 0;
        askedTable = 0;
        table = null;
        endPending = false;
        pendingLength = 0;
        received = counter;
        wantTable(nowNs);
    }

    private void wantTable(long nowNs) {
        wantedTable++;
        hasTable = false;
        nextHelloNs = nowNs;
    }

    /** The peer says that it is there. */
    void onHello(long tableThatItWants) {
        if (tableThatItWants != 0 && tableThatItWants != askedTable) {
            askedTable = tableThatItWants;
            sendTable();
        }
    }

    /** The peer says that this table of it is whole now. @return whether it is the one that we wait for */
    boolean onTableEnd(long number) {
        if (number != wantedTable || hasTable) {
            return false;
        }
        hasTable = true;
        exchange.count(SyncCount.TABLES, 1);
        return true;
    }

    /** Sends everything, beside what changes. */
    void sendTable() {
        table = exchange.walk();
    }

    /** Says hello to the peer, or to somebody who may be there in its place. */
    void greet(long to) {
        long counter = to == peerId && to != 0 ? ++sent : sent + ++strange;
        message.wrap(buffer).begin(SyncMessage.HELLO, key != null, id, to, counter, hasTable ? 0 : wantedTable);
        post(SyncMessage.HEADER_LENGTH, 0, 0);
        pendingLength = 0; // there is a next one
    }

    /** Sends records to the peer, if it is there; the link must not be busy. */
    void send(UnsafeBuffer records, int length, int count, long nowNs) {
        if (peerId != 0) {
            buffer.putBytes(SyncMessage.HEADER_LENGTH, records, 0, length);
            sendRecords(length, count, nowNs);
        }
    }

    private void sendRecords(int length, int count, long nowNs) {
        message.wrap(buffer).begin(SyncMessage.RECORDS, key != null, id, peerId, ++sent, 0);
        post(SyncMessage.HEADER_LENGTH + length, count, nowNs);
    }

    /** What is due. @return how much was done */
    int doWork(long nowNs) {
        int work = 0;
        if (isBusy()) {
            work += retry(nowNs);
        }
        if (!isBusy() && nowNs - nextHelloNs >= 0) {
            nextHelloNs = nowNs + HELLO_EVERY_NS;
            greet(peerId);
            work++;
        }
        return work;
    }

    /** The next part of the whole table. @return how much was done */
    int sendTablePart(int part, long nowNs) {
        if (peerId == 0 || isBusy() || (table == null && !endPending)) {
            return 0;
        }
        if (endPending) {
            endPending = false;
            message.wrap(buffer).begin(SyncMessage.TABLE_END, key != null, id, peerId, ++sent, askedTable);
            post(SyncMessage.HEADER_LENGTH, 0, nowNs);
            return 1;
        }
        int length = table.next(buffer, SyncMessage.HEADER_LENGTH, room(), part);
        endPending = table.isAtEnd();
        if (endPending) {
            table = null;
        }
        if (length > 0) {
            sendRecords(length, SyncRecords.count(buffer, SyncMessage.HEADER_LENGTH, length), nowNs);
        }
        return 1;
    }

    private void post(int length, int records, long nowNs) {
        if (key != null) {
            key.sign(bytes, length);
        }
        pendingLength = length + (key == null ? 0 : SyncKey.SIGNATURE_LENGTH);
        pendingRecords = records;
        pendingSinceNs = nowNs;
        retry(nowNs);
    }

    /** Whom we keep waiting too long misses a number, and asks for the whole table. */
    private int retry(long nowNs) {
        switch (transport.offer(peer, buffer, pendingLength)) {
            case SENT -> {
                exchange.count(SyncCount.SENT, pendingRecords);
                pendingLength = 0;
                stalled = false;
            }
            case AWAY -> {
                pendingLength = 0;
                stalled = false;
            }
            case BUSY -> {
                if (stalled || nowNs - pendingSinceNs > PATIENCE_NS) {
                    exchange.count(SyncCount.LOST, pendingRecords);
                    pendingLength = 0;
                    stalled = true; // the others wait once, not with each message
                }
            }
        }
        return pendingLength == 0 ? 1 : 0;
    }
}
