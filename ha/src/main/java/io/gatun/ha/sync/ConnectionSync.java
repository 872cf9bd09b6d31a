package io.gatun.ha.sync;

import io.gatun.forwarder.control.ConnectionExchange;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exchange of connections with peers, on a thread of its own. */
public final class ConnectionSync implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSync.class);

    private final AgentRunner runner;

    private ConnectionSync(AgentRunner runner) {
        this.runner = runner;
    }

    /**
     * Starts it; peers may come later.
     *
     * @param exchange used by the new thread alone from now on
     * @param directory for the stream's buffers, made now and removed at the end; on tmpfs
     * @param peers at least one
     * @param port UDP port of this node and of all peers
     * @param key what messages are signed with, or null
     * @param listener told on the new thread how much of the peers' connections is here whenever that changes; it begins
     *     with {@link SyncState#SILENT}
     * @throws RuntimeException when the port or the directory cannot be used
     */
    public static ConnectionSync start(
            ConnectionExchange exchange,
            Path directory,
            List<InetAddress> peers,
            int port,
            SyncKey key,
            Consumer<SyncState> listener) {
        SyncTransport transport = new AeronTransport(directory, peers, port);
        SyncAgent agent = new SyncAgent(
                SystemNanoClock.INSTANCE, exchange, transport, key, new SecureRandom()::nextLong, listener);
        AgentRunner runner = new AgentRunner(
                new SleepingMillisIdleStrategy(1),
                e -> LOG.error("the exchange of connections goes on after", e),
                null,
                agent);
        AgentRunner.startOnThread(runner);
        LOG.info(
                "connections are exchanged with {} on UDP port {}, messages {}",
                peers,
                port,
                key == null ? "not signed" : "signed");
        return new ConnectionSync(runner);
    }

    /** Stops, and returns when nothing is left. */
    @Override
    public void close() {
        runner.close();
    }
}
