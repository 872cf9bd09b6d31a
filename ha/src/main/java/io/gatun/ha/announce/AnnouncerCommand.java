package io.gatun.ha.announce;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What another thread asks of the agent, and how it learns that it is in force. */
record AnnouncerCommand(Consumer<AnnouncerAgent> action, CompletableFuture<Void> inForce) {
    void run(AnnouncerAgent agent) {
        try {
            action.accept(agent);
            inForce.complete(null);
        } catch (RuntimeException e) {
            inForce.completeExceptionally(e);
        }
    }

    void refuse(String reason) {
        inForce.completeExceptionally(new IllegalStateException(reason));
    }
}
