package io.gatun.api.rest;

import io.gatun.api.access.ApiAccess;
import io.gatun.api.access.FileWatch;
import io.gatun.api.access.SourceBook;
import io.gatun.api.access.Tokens;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports of the API with what guards them: TLS, tokens, limits. */
final class ApiListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiListeners.class);

    /** How long connections on which nobody asks anything hold up our stop; Jetty's own default is a second. */
    private static final Duration IDLE_CONNECTION_GRACE = Duration.ofMillis(50);

    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int HEADER_MAX_BYTES = 8192;
    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 2;
    private static final String HTTP = "http/1.1";

    private final ApiAccess access;
    private final Optional<ServerTls> tls;
    private final Optional<Tokens> tokens;
    private final SourceBook sources;
    private final ConnectionGuard guard;
    private final List<ServerConnector> connectors = new ArrayList<>();
    private final List<FileWatch> watches = new ArrayList<>();

    /**
     * Reads the files.
     *
     * @throws io.gatun.api.access.AccessFileException naming the one that cannot be used
     */
    ApiListeners(ApiAccess access) {
        this.access = access;
        this.tls = access.tls().map(ServerTls::new);
        this.tokens = access.tokens().map(Tokens::of);
        this.sources = new SourceBook(access.limits());
        this.guard = new ConnectionGuard(sources, access.limits());
    }

    /** To be called before any route is registered: nobody gets past the rules. */
    void register(JavalinConfig config) {
        for (InetSocketAddress address : access.addresses()) {
            config.jetty.addConnector((server, http) -> connector(server, http, address));
        }
        new AccessRules(sources, tokens).register(config.routes);
    }

    /** The ports are open: begins to watch files and connections. @return the first address, as it is now */
    InetSocketAddress started() {
        tls.ifPresent(files -> watches.add(FileWatch.start("tls-files", files.paths(), files::reload)));
        tokens.ifPresent(file -> watches.add(FileWatch.start("tokens", List.of(file.file()), file::reload)));
        tell();
        look();
        ServerConnector first = connectors.getFirst();
        return new InetSocketAddress(access.addresses().getFirst().getAddress(), first.getLocalPort());
    }

    @Override
    public void close() {
        for (FileWatch watch : watches) {
            try {
                watch.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ServerConnector connector(Server server, HttpConfiguration defaults, InetSocketAddress address) {
        HttpConfiguration http = new HttpConfiguration(defaults);
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_MAX_BYTES);
        http.addCustomizer(guard);
        ServerConnector connector = tls.map(files -> encrypted(server, http, files))
                .orElseGet(() -> new ServerConnector(server, ACCEPTORS, SELECTORS, new HttpConnectionFactory(http)));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        connector.setShutdownIdleTimeout(IDLE_CONNECTION_GRACE.toMillis());
        connector.addBean(guard);
        connectors.add(connector);
        return connector;
    }

    private static ServerConnector encrypted(Server server, HttpConfiguration http, ServerTls files) {
        // Clients ask for us by an address, which no server name is.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return new ServerConnector(
                server,
                ACCEPTORS,
                SELECTORS,
                new SslConnectionFactory(files.context(), HTTP),
                new HttpConnectionFactory(http));
    }

    private void tell() {
        boolean far =
                access.addresses().stream().anyMatch(each -> !each.getAddress().isLoopbackAddress());
        if (far && tls.isEmpty() && tokens.isPresent()) {
            LOG.warn("tokens cross the network unencrypted, give --tls-cert or --api=127.0.0.1:11111");
        } else if (far
                && tokens.isEmpty()
                && access.tls().flatMap(ApiAccess.TlsFiles::clientCa).isEmpty()) {
            LOG.info("whoever reaches the API may change rules, see --tokens, --tls-client-ca and --api");
        }
    }

    private void look() {
        ServerConnector first = connectors.getFirst();
        if (first.isRunning()) {
            guard.look(System.nanoTime());
            first.getScheduler().schedule(this::look, 1, TimeUnit.SECONDS);
        }
    }
}
