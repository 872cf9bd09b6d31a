package io.gatun.forwarder.pipeline;

/** Where the conductor publishes {@link ForwardingTables} and agents, once per batch, read them. */
public final class PublishedTables {
    private volatile ForwardingTables current;

    public PublishedTables(ForwardingTables initial) {
        current = initial;
    }

    public void publish(ForwardingTables tables) {
        current = tables;
    }

    public ForwardingTables current() {
        return current;
    }
}
