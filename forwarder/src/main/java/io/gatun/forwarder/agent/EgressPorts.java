package io.gatun.forwarder.agent;

import io.gatun.forwarder.pipeline.Egress;
import io.gatun.forwarder.raw.CrossPort;
import java.util.Arrays;
import org.agrona.CloseHelper;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The interfaces by which one agent sends beside its own queue: a socket for each. The conductor adds and removes, the
 * agent sends, and closes what was removed: nobody else knows when it is done with a socket.
 */
final class EgressPorts implements Egress, AutoCloseable {
    private static final int REMOVED_MAX = 64;

    private final OneToOneConcurrentArrayQueue<CrossPort> removed = new OneToOneConcurrentArrayQueue<>(REMOVED_MAX);
    private volatile Exit[] exits = new Exit[0];

    private record Exit(int interfaceIndex, long mac, CrossPort port) {}

    /** Adds an interface. Conductor's thread; the port is closed with this object. */
    void add(int interfaceIndex, long mac, CrossPort port) {
        Exit[] more = new Exit[exits.length + 1];
        more[0] = new Exit(interfaceIndex, mac, port); // in front of one that had this index before
        System.arraycopy(exits, 0, more, 1, exits.length);
        exits = more;
    }

    /** Forgets an interface. Conductor's thread. */
    void remove(int interfaceIndex) {
        Exit[] before = exits;
        exits = Arrays.stream(before)
                .filter(exit -> exit.interfaceIndex != interfaceIndex)
                .toArray(Exit[]::new);
        for (Exit exit : before) {
            if (exit.interfaceIndex == interfaceIndex) {
                removed.offer(exit.port); // when an agent has not looked for so long, it is about to end anyway
            }
        }
    }

    /** Closes what was removed. Agent's thread, between two batches. */
    void closeRemoved() {
        if (!removed.isEmpty()) {
            removed.drain(CloseHelper::quietClose);
        }
    }

    @Override
    public long mac(int interfaceIndex) {
        for (Exit exit : exits) {
            if (exit.interfaceIndex == interfaceIndex) {
                return exit.mac;
            }
        }
        return NOT_SERVED;
    }

    @Override
    public boolean send(int interfaceIndex, UnsafeBuffer memory, int offset, int length, int offload) {
        for (Exit exit : exits) {
            if (exit.interfaceIndex == interfaceIndex) {
                return exit.port.send(memory, offset, length, offload);
            }
        }
        return false;
    }

    /** After the agent's end. */
    @Override
    public void close() {
        Exit[] last = exits;
        exits = new Exit[0];
        for (Exit exit : last) {
            CloseHelper.quietClose(exit.port);
        }
        closeRemoved();
    }
}
