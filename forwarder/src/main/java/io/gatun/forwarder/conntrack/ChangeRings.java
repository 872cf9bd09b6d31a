package io.gatun.forwarder.conntrack;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;

/** The {@link FlowChanges} of all writers, for one reader; or of none, when nobody reads. */
public final class ChangeRings {
    private final boolean wanted;
    private final Map<String, FlowChanges> byWriter = new ConcurrentHashMap<>();
    private final List<FlowChanges> rings = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler();

    /** Is told of one flow. */
    public interface Reader {
        /** A flow is new, or has another state. */
        void onChanged(long slotId, int sequence);

        /** A flow was removed. */
        void onRemoved(long slotId, int sequence);
    }

    private ChangeRings(boolean wanted) {
        this.wanted = wanted;
    }

    /** Rings that somebody reads. */
    public static ChangeRings create() {
        return new ChangeRings(true);
    }

    /** Every writer gets {@link FlowChanges#NONE}. */
    public static ChangeRings none() {
        return new ChangeRings(false);
    }

    /** Whether somebody reads: this node has peers that are told of connections, and tell us. */
    public boolean areWanted() {
        return wanted;
    }

    /** The ring of a writer; one that comes again by its name has the same. */
    public FlowChanges of(String writer) {
        return wanted ? byWriter.computeIfAbsent(writer, name -> added()) : FlowChanges.NONE;
    }

    private FlowChanges added() {
        FlowChanges changes = FlowChanges.create();
        rings.add(changes);
        return changes;
    }

    /**
     * Reads notices, those of each writer in their order.
     *
     * @param limit at most so many
     * @return how many there were
     */
    public int read(Reader reader, int limit) {
        handler.reader = reader;
        int read = 0;
        for (int i = 0, size = rings.size(); i < size && read < limit; i++) {
            read += rings.get(i).read(handler, limit - read);
        }
        return read;
    }

    /** Notices that wait to be read. */
    public long waiting() {
        long waiting = 0;
        for (int i = 0, size = rings.size(); i < size; i++) {
            waiting += rings.get(i).waiting();
        }
        return waiting;
    }

    /** Notices that were lost since the beginning. */
    public long lost() {
        long lost = 0;
        for (int i = 0, size = rings.size(); i < size; i++) {
            lost += rings.get(i).lost();
        }
        return lost;
    }

    private static final class Handler implements MessageHandler {
        private Reader reader;

        @Override
        public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
            int slotId = buffer.getInt(index);
            int sequence = buffer.getInt(index + FlowChanges.SEQUENCE_OFFSET);
            if (type == FlowChanges.REMOVED) {
                reader.onRemoved(slotId, sequence);
            } else {
                reader.onChanged(slotId, sequence);
            }
        }
    }
}
