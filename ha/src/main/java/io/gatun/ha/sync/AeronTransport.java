package io.gatun.ha.sync;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unicast UDP by Aeron, with a media driver of our own: one publication to each peer, one subscription for all. The driver
 * has one thread, which sleeps a millisecond when it has nothing to do; the client has none and works in our calls.
 */
final class AeronTransport implements SyncTransport {
    private static final Logger LOG = LoggerFactory.getLogger(AeronTransport.class);
    private static final int STREAM = 1;
    private static final int TERM_LENGTH = 1 << 20;

    /** After which a peer that says nothing is away. */
    private static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(3);

    /** A process that was stopped for longer has its client closed by the driver, and opens another one. */
    private static final long CLIENT_LIVENESS_NS = TimeUnit.SECONDS.toNanos(30);

    private final Path directory;
    private final List<InetAddress> peers;
    private final int port;
    private final List<Publication> publications = new ArrayList<>();
    private MediaDriver driver;
    private Aeron aeron;
    private Subscription subscription;
    private Receiver receiver;
    private final FragmentHandler handler =
            new FragmentAssembler((buffer, offset, length, header) -> receiver.onMessage(buffer, offset, length));

    /**
     * Starts the driver.
     *
     * @param directory that does not exist yet and will not afterwards; on tmpfs
     * @param port UDP port of this node and of all peers
     * @throws RuntimeException of Aeron when the port or the directory cannot be used
     */
    AeronTransport(Path directory, List<InetAddress> peers, int port) {
        this.directory = directory;
        this.peers = List.copyOf(peers);
        this.port = port;
        open();
    }

    private void open() {
        try {
            driver = MediaDriver.launch(new MediaDriver.Context()
                    .aeronDirectoryName(directory.toString())
                    .epochClock(AeronTransport::uptimeMs)
                    .dirDeleteOnStart(true)
                    .dirDeleteOnShutdown(true)
                    .warnIfDirectoryExists(false)
                    .threadingMode(ThreadingMode.SHARED)
                    .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                    .publicationTermBufferLength(TERM_LENGTH)
                    .ipcTermBufferLength(TERM_LENGTH)
                    .termBufferSparseFile(true)
                    .imageLivenessTimeoutNs(LIVENESS_NS)
                    .publicationConnectionTimeoutNs(LIVENESS_NS)
                    .clientLivenessTimeoutNs(CLIENT_LIVENESS_NS)
                    .publicationUnblockTimeoutNs(2 * CLIENT_LIVENESS_NS)
                    .errorHandler(e -> LOG.debug("the driver of the sync stream goes on after", e)));
            aeron = Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(directory.toString())
                    .epochClock(AeronTransport::uptimeMs)
                    .useConductorAgentInvoker(true)
                    .idleStrategy(new SleepingMillisIdleStrategy(1))
                    .errorHandler(e -> LOG.warn("the sync stream goes on after: {}", e.toString())));
            subscription = aeron.addSubscription(channel(anyAddress()), STREAM);
            for (InetAddress peer : peers) {
                publications.add(aeron.addExclusivePublication(channel(peer.getHostAddress()), STREAM));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Driver and client tell by it whether the other one lives; the time of day jumps, this does not. */
    private static long uptimeMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** IPv6's takes both families. */
    private String anyAddress() {
        return peers.stream().anyMatch(Inet6Address.class::isInstance) ? "::" : "0.0.0.0";
    }

    private String channel(String address) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return "aeron:udp?endpoint=" + host + ":" + port;
    }

    @Override
    public int peers() {
        return peers.size();
    }

    @Override
    public Offer offer(int peer, DirectBuffer buffer, int length) {
        long result = publications.get(peer).offer(buffer, 0, length);
        if (result > 0) {
            return Offer.SENT;
        }
        return result == Publication.BACK_PRESSURED || result == Publication.ADMIN_ACTION ? Offer.BUSY : Offer.AWAY;
    }

    @Override
    public int poll(Receiver wanted, int limit) {
        if (aeron.isClosed()) {
            LOG.warn("the sync stream was closed, as this process did not run for a while; it is opened again");
            close();
            open();
        }
        receiver = wanted;
        return aeron.conductorAgentInvoker().invoke() + subscription.poll(handler, limit);
    }

    @Override
    public void close() {
        publications.clear();
        CloseHelper.closeAll(e -> LOG.warn("closing the sync stream: {}", e.toString()), aeron, driver);
    }
}
