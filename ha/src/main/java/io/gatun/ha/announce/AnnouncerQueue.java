package io.gatun.ha.announce;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** Commands on their way to the agent, from any number of threads. Nothing is accepted and then forgotten. */
final class AnnouncerQueue {
    private static final int CAPACITY = 4096;

    private final ManyToOneConcurrentArrayQueue<AnnouncerCommand> commands =
            new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final Runnable wake;
    private volatile boolean closed;

    /** @param wake ends the agent's sleep */
    AnnouncerQueue(Runnable wake) {
        this.wake = wake;
    }

    void offer(AnnouncerCommand command) {
        if (!commands.offer(command)) {
            command.refuse("announcer.commands=" + CAPACITY + " are waiting, its thread does not run");
        } else if (closed) {
            command.refuse("the announcer is closed");
        } else {
            wake.run();
        }
    }

    /** The next command, or null. */
    AnnouncerCommand poll() {
        return commands.poll();
    }

    /** Refuses what waits and what is still to come. */
    void close() {
        closed = true;
        for (AnnouncerCommand command = poll(); command != null; command = poll()) {
            command.refuse("the announcer is closed");
        }
    }
}
