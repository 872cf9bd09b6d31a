package io.gatun.ha.sync;

import io.gatun.forwarder.control.ConnectionExchange;
import io.gatun.forwarder.control.SyncCount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the peers what changes here, and puts into the table what they say. */
final class SyncAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(SyncAgent.class);
    private static final int MESSAGES_PER_CYCLE = 64;
    private static final int BATCHES_PER_CYCLE = 16;
    private static final long ANSWER_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A refresh goes on once in this time, by so small a part of the table that a round takes four seconds, or more. */
    private static final long REFRESH_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int REFRESH_PART = 4_000;

    /** How many of these a late thread makes up for. */
    private static final int REFRESHES_PER_CYCLE = 16;

    /** Of a whole table, what is looked at in one step. */
    private static final int TABLE_PART = 1_000;

    private final NanoClock clock;
    private final ConnectionExchange exchange;
    private final SyncTransport transport;
    private final SyncKey key;
    private final Consumer<SyncState> listener;
    private final List<SyncLink> links = new ArrayList<>();
    private final ConnectionExchange.Walk refresh;
    private final UnsafeBuffer batch = new UnsafeBuffer(new byte[SyncMessage.LENGTH_MAX]);
    private final byte[] receivedBytes = new byte[SyncMessage.LENGTH_MAX];
    private final UnsafeBuffer received = new UnsafeBuffer(receivedBytes);
    private final SyncMessage message = new SyncMessage();
    private final SyncTransport.Receiver receiver = this::onMessage;
    private final int room;
    private long nowNs;
    private long nextRefreshNs;
    private long nextAnswerNs;
    private long allSentNs;
    private SyncState told = SyncState.SILENT;

    /**
     * An agent that owns the transport.
     *
     * @param key null for none
     * @param ids random numbers
     * @param listener told on the agent's thread of each change; it begins with {@link SyncState#SILENT}
     */
    SyncAgent(
            NanoClock clock,
            ConnectionExchange exchange,
            SyncTransport transport,
            SyncKey key,
            LongSupplier ids,
            Consumer<SyncState> listener) {
        this.clock = clock;
        this.exchange = exchange;
        this.transport = transport;
        this.key = key;
        this.listener = listener;
        this.refresh = exchange.refresh();
        this.nowNs = clock.nanoTime();
        nextRefreshNs = nowNs;
        nextAnswerNs = nowNs;
        allSentNs = nowNs;
        for (int peer = 0; peer < transport.peers(); peer++) {
            links.add(new SyncLink(peer, ids.getAsLong() | 1, transport, exchange, key, nowNs));
        }
        room = links.getFirst().room();
    }

    @Override
    public int doWork() {
        nowNs = clock.nanoTime();
        int work = transport.poll(receiver, MESSAGES_PER_CYCLE);
        boolean busy = false;
        for (int i = 0; i < links.size(); i++) {
            work += links.get(i).doWork(nowNs);
            busy |= links.get(i).isBusy();
        }
        if (!busy) {
            work += sendChanges();
            sendRefreshed();
        }
        work += sendTables();
        tellState();
        measure();
        return work;
    }

    private int sendChanges() {
        if (exchange.takeLost()) {
            links.forEach(SyncLink::sendTable);
        }
        int batches = 0;
        while (batches < BATCHES_PER_CYCLE && !anyBusy()) {
            int length = exchange.drain(batch, 0, room);
            if (length == 0) {
                break;
            }
            send(length);
            batches++;
        }
        return batches;
    }

    private void sendRefreshed() {
        if (nowNs - nextRefreshNs > REFRESHES_PER_CYCLE * REFRESH_EVERY_NS) {
            nextRefreshNs = nowNs - REFRESHES_PER_CYCLE * REFRESH_EVERY_NS;
        }
        while (nowNs - nextRefreshNs >= 0 && !anyBusy()) {
            nextRefreshNs += REFRESH_EVERY_NS;
            int length = refresh.next(batch, 0, room, REFRESH_PART);
            if (length > 0) {
                send(length);
            }
        }
    }

    private void measure() {
        long connections = exchange.connections();
        long unsynced = exchange.waiting();
        for (int i = 0; i < links.size(); i++) {
            unsynced = Math.max(unsynced, links.get(i).unsynced(connections, nowNs));
        }
        if (unsynced == 0) {
            allSentNs = nowNs;
        }
        exchange.measure(SyncCount.UNSYNCED, unsynced);
        exchange.measure(SyncCount.LAG_MS, TimeUnit.NANOSECONDS.toMillis(nowNs - allSentNs));
    }

    private int sendTables() {
        int parts = 0;
        for (int i = 0; i < links.size(); i++) {
            SyncLink link = links.get(i);
            for (int n = 0; n < BATCHES_PER_CYCLE && link.sendTablePart(TABLE_PART, nowNs) > 0; n++) {
                parts++;
            }
        }
        return parts;
    }

    private void send(int length) {
        int count = SyncRecords.count(batch, 0, length);
        for (int i = 0; i < links.size(); i++) {
            links.get(i).send(batch, length, count, nowNs);
        }
    }

    private boolean anyBusy() {
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).isBusy()) {
                return true;
            }
        }
        return false;
    }

    private void onMessage(DirectBuffer buffer, int offset, int wireLength) {
        int signature = key == null ? 0 : SyncKey.SIGNATURE_LENGTH;
        int length = wireLength - signature;
        if (length < SyncMessage.HEADER_LENGTH || wireLength > SyncMessage.LENGTH_MAX) {
            exchange.count(SyncCount.BAD, 1);
            return;
        }
        buffer.getBytes(offset, receivedBytes, 0, wireLength);
        if (key != null && !key.isSigned(receivedBytes, length)) {
            exchange.count(SyncCount.REFUSED_AUTH, 1);
            return;
        }
        if (!message.wrap(received).isSound(length)) {
            exchange.count(SyncCount.BAD, 1);
            return;
        }
        if (message.isSigned() != (key != null)) {
            exchange.count(SyncCount.REFUSED_AUTH, 1);
            return;
        }
        SyncLink link = link(message.to());
        if (link != null) {
            onMessage(link, length);
        } else if (message.kind() == SyncMessage.HELLO && message.to() == 0) {
            answer(message.from());
        }
    }

    private void onMessage(SyncLink link, int length) {
        boolean known = link.isEstablished();
        if (!link.accept(message, nowNs)) {
            return;
        }
        if (!known) {
            LOG.info("connections are exchanged with a peer");
        }
        switch (message.kind()) {
            case SyncMessage.HELLO -> link.onHello(message.table());
            case SyncMessage.TABLE_END -> {
                if (link.onTableEnd(message.table())) {
                    LOG.info("all connections of a peer are here");
                }
            }
            default -> exchange.apply(received, SyncMessage.HEADER_LENGTH, length - SyncMessage.HEADER_LENGTH);
        }
    }

    private SyncLink link(long id) {
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).id() == id) {
                return links.get(i);
            }
        }
        return null;
    }

    /** Which link leads to who is there is not known, but the one that gets the answer will say so. */
    private void answer(long from) {
        if (nowNs - nextAnswerNs < 0) {
            return;
        }
        nextAnswerNs = nowNs + ANSWER_EVERY_NS;
        for (int i = 0; i < links.size(); i++) {
            if (!links.get(i).isBusy()) {
                links.get(i).greet(from);
            }
        }
    }

    private void tellState() {
        SyncState state = SyncState.COMPLETE;
        for (int i = 0; i < links.size(); i++) {
            SyncState ofPeer = links.get(i).state(nowNs);
            state = ofPeer.compareTo(state) > 0 ? ofPeer : state;
        }
        if (state != told) {
            told = state;
            listener.accept(state);
        }
    }

    @Override
    public void onClose() {
        transport.close();
    }

    @Override
    public String roleName() {
        return "sync";
    }
}
