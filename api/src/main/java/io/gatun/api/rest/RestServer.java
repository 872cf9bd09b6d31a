package io.gatun.api.rest;

import io.gatun.api.daemon.LiveConfiguration;
import io.gatun.api.endpoints.EndpointStore;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.Version;
import io.gatun.api.roles.Roles;
import io.gatun.api.rules.RuleStore;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.incident.Incidents;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. */
public final class RestServer implements AutoCloseable {
    static final String ROOT = "/netlox/v1";

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    /** How long requests under way may take when we stop. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** How long connections on which nobody asks anything hold up our stop; Jetty's own default is a second. */
    private static final Duration IDLE_CONNECTION_GRACE = Duration.ofMillis(50);

    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 2;

    private final InetSocketAddress address;
    private final Javalin javalin;
    private final TraceRoutes traces;

    /**
     * A server that does not listen yet.
     *
     * @param address where to listen; port 0 takes a free one
     */
    public RestServer(
            InetSocketAddress address,
            Forwarder forwarder,
            RuleStore rules,
            EndpointStore endpoints,
            HealthMonitor monitor,
            Roles roles,
            Incidents incidents,
            LiveConfiguration configuration) {
        this.address = address;
        LoadBalancerRoutes loadBalancers = new LoadBalancerRoutes(rules, forwarder);
        ObserverRoutes observers = new ObserverRoutes(forwarder);
        EndpointRoutes servers = new EndpointRoutes(rules, endpoints, monitor, forwarder);
        HealthRoutes health = new HealthRoutes(endpoints, monitor, forwarder);
        SyncRoutes sync = new SyncRoutes(forwarder);
        ClusterRoutes cluster = new ClusterRoutes(roles);
        GatunRoutes own = new GatunRoutes(forwarder);
        IncidentRoutes takeovers = new IncidentRoutes(incidents);
        ConfigRoutes settings = new ConfigRoutes(configuration);
        this.traces = new TraceRoutes(forwarder);
        Version version = Version.current();
        this.javalin = Javalin.create(config -> {
            configure(config);
            config.jetty.addConnector(this::connector);
            RoutesConfig routes = config.routes;
            // The controller counts a miss within one second as our death: nothing here may wait.
            routes.get(ROOT, Replies::success);
            routes.get(ROOT + "/version", context -> Replies.json(context, version));
            loadBalancers.register(routes);
            observers.register(routes);
            servers.register(routes);
            health.register(routes);
            sync.register(routes);
            cluster.register(routes);
            own.register(routes);
            takeovers.register(routes);
            settings.register(routes);
            traces.register(routes);
            routes.exception(ApiException.class, Replies::refused);
            routes.exception(RejectedException.class, (e, context) -> Replies.refused(ApiException.of(e), context));
            routes.exception(HttpResponseException.class, Replies::unmatched);
            routes.exception(Exception.class, Replies::broken);
        });
    }

    /**
     * Opens the port.
     *
     * @return the address that it has now
     * @throws BindException when it is taken or not ours
     */
    public InetSocketAddress start() throws BindException {
        try {
            javalin.start();
        } catch (JavalinException e) {
            BindException cause = bindFailure(e).orElseThrow(() -> e);
            BindException failure = new BindException(cause.getMessage());
            failure.initCause(e);
            throw failure;
        }
        return new InetSocketAddress(address.getAddress(), javalin.port());
    }

    /** Finishes the requests under way and closes the port. */
    @Override
    public void close() {
        traces.close();
        javalin.stop();
        LOG.info("REST stopped");
    }

    private Connector connector(Server server, HttpConfiguration http) {
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, ACCEPTORS, SELECTORS, new HttpConnectionFactory(http));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setShutdownIdleTimeout(IDLE_CONNECTION_GRACE.toMillis());
        return connector;
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.defaultContentType = "application/json";
        config.http.maxRequestSize = Replies.BODY_MAX_BYTES;
        config.jetty.modifyServer(RestServer::configure);
    }

    private static void configure(Server server) {
        server.setErrorHandler(Replies::malformed);
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
        server.setStopAtShutdown(false);
    }

    private static Optional<BindException> bindFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException bind) {
                return Optional.of(bind);
            }
            if (cause instanceof JavalinBindException bind && bind.getCause() == null) {
                return Optional.of(new BindException(bind.getMessage()));
            }
        }
        return Optional.empty();
    }
}
