package io.gatun.api.rest;

import io.gatun.api.access.ApiLimits;
import io.gatun.api.access.SourceBook;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections: those that are too many, those on which the head of a request does not become whole in time, and
 * those on which a change takes too long to be sent and answered. A connection on which nothing is
 * begun may wait for Jetty's idle timeout; an answer that is read may last.
 */
final class ConnectionGuard implements Connection.Listener, HttpConfiguration.Customizer {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final SourceBook sources;
    private final long headNs;
    private final long changeNs;
    private final Map<EndPoint, Guarded> guarded = new ConcurrentHashMap<>();

    /** A connection that counts. Written by Jetty's threads and read by the one that looks round. */
    private static final class Guarded {
        final Connection connection;
        final InetAddress source;
        volatile boolean answering;
        volatile boolean changing;
        /** When what is awaited now was begun. */
        volatile long sinceNs;

        volatile long bytesBefore = -1;

        Guarded(Connection connection, InetAddress source, long nowNs) {
            this.connection = connection;
            this.source = source;
            this.sinceNs = nowNs;
        }
    }

    ConnectionGuard(SourceBook sources, ApiLimits limits) {
        this.sources = sources;
        this.headNs = TimeUnit.MILLISECONDS.toNanos(limits.headMs());
        this.changeNs = TimeUnit.MILLISECONDS.toNanos(limits.changeMs());
    }

    /** TLS has two connections on one socket, of which the outer one counts. */
    @Override
    public void onOpened(Connection connection) {
        EndPoint socket = connection.getEndPoint();
        if (socket instanceof SslConnection.SslEndPoint
                || !(socket.getRemoteSocketAddress() instanceof InetSocketAddress remote)) {
            return;
        }
        long nowNs = System.nanoTime();
        if (sources.connect(remote.getAddress(), nowNs)) {
            guarded.put(socket, new Guarded(connection, remote.getAddress(), nowNs));
        } else {
            LOG.debug("one connection too many from {}", remote);
            socket.close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Guarded closed = guarded.remove(connection.getEndPoint());
        if (closed != null) {
            sources.disconnect(closed.source, System.nanoTime());
        }
    }

    /** The head of a request is whole. */
    @Override
    public Request customize(Request request, HttpFields.Mutable headers) {
        Guarded client = guarded.get(
                socket(request.getConnectionMetaData().getConnection().getEndPoint()));
        if (client != null) {
            client.sinceNs = System.nanoTime();
            client.changing = !READING.contains(request.getMethod());
            client.answering = true;
            Request.addCompletionListener(request, failure -> answered(client));
        }
        return request;
    }

    /** Looks at all connections; to be called each second or so. */
    void look(long nowNs) {
        guarded.forEach((socket, client) -> {
            if (isOverdue(client, nowNs)) {
                LOG.debug("the request on a connection from {} takes too long", client.source);
                socket.close(new TimeoutException("request takes too long"));
            }
        });
    }

    private static void answered(Guarded client) {
        client.bytesBefore = client.connection.getBytesIn();
        client.answering = false;
    }

    private boolean isOverdue(Guarded client, long nowNs) {
        long limitNs = headNs;
        if (client.answering) {
            if (!client.changing) {
                return false;
            }
            limitNs = changeNs;
        } else if (client.bytesBefore == client.connection.getBytesIn()) {
            client.sinceNs = nowNs; // between two requests
            return false;
        }
        return nowNs - client.sinceNs > limitNs;
    }

    private static EndPoint socket(EndPoint of) {
        return of instanceof SslConnection.SslEndPoint tls
                ? tls.getSslConnection().getEndPoint()
                : of;
    }
}
