package io.gatun.api.rest;

import io.gatun.api.access.ApiAccess;
import io.gatun.api.access.Tokens;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.Version;
import io.gatun.api.web.StatusPage;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.RejectedException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. */
public final class RestServer implements AutoCloseable {
    static final String ROOT = "/netlox/v1";

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    /** How long requests under way may take when we stop. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final ApiListeners listeners;
    private final Javalin javalin;
    private final TraceRoutes traces;
    private final EventRoutes events;

    /**
     * A server that does not listen yet.
     *
     * @param access where to listen, and for whom
     * @param from what it answers from, and what it changes
     * @throws io.gatun.api.access.AccessFileException when a file that it names cannot be used
     */
    public RestServer(ApiAccess access, RestSources from) {
        this.listeners = new ApiListeners(access);
        Forwarder forwarder = from.forwarder();
        LoadBalancerRoutes loadBalancers = new LoadBalancerRoutes(from.rules(), forwarder);
        ObserverRoutes observers = new ObserverRoutes(forwarder);
        EndpointRoutes servers = new EndpointRoutes(from.rules(), from.endpoints(), from.monitor(), forwarder);
        HealthRoutes health = new HealthRoutes(from.endpoints(), from.monitor(), forwarder);
        SyncRoutes sync = new SyncRoutes(forwarder);
        ClusterRoutes cluster = new ClusterRoutes(from.roles());
        GatunRoutes own = new GatunRoutes(forwarder);
        IncidentRoutes takeovers = new IncidentRoutes(from.incidents());
        this.events = new EventRoutes(from.events().log());
        StatusRoutes status = new StatusRoutes(from, health);
        this.traces = new TraceRoutes(forwarder);
        FirewallRoutes firewall = new FirewallRoutes(from.firewall());
        NodeRoutes node = new NodeRoutes(forwarder, from.params());
        BfdRoutes bfd = new BfdRoutes(from.params());
        AddressRoutes addresses = new AddressRoutes(forwarder);
        ExportRoutes saved = new ExportRoutes(from.saved());
        ConfigRoutes running = new ConfigRoutes(from.configuration());
        OpenApiRoutes openApi = new OpenApiRoutes();
        Version version = Version.current();
        this.javalin = Javalin.create(config -> {
            configure(config);
            listeners.register(config);
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
            status.register(routes);
            events.register(routes);
            StatusPage.register(routes);
            from.metrics().register(routes);
            running.register(routes);
            traces.register(routes);
            firewall.register(routes);
            node.register(routes);
            bfd.register(routes);
            addresses.register(routes);
            saved.register(routes);
            openApi.register(routes);
            routes.after(Replies::takeRest);
            routes.exception(ApiException.class, Replies::refused);
            routes.exception(RejectedException.class, (e, context) -> Replies.refused(ApiException.of(e), context));
            routes.exception(HttpResponseException.class, Replies::unmatched);
            routes.exception(Exception.class, Replies::broken);
        });
    }

    /**
     * Reads the files that a server will need.
     *
     * @throws io.gatun.api.access.AccessFileException naming the one that cannot be used
     */
    public static void checkFiles(ApiAccess access) {
        access.tls().ifPresent(ServerTls::new);
        access.tokens().ifPresent(Tokens::of);
    }

    /**
     * Opens the ports.
     *
     * @return the first address, as it is now
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
        return listeners.started();
    }

    /** Finishes the requests under way and closes the ports. */
    @Override
    public void close() {
        traces.close();
        events.close();
        listeners.close();
        javalin.stop();
        LOG.info("REST stopped");
    }

    /** Each method and path that is answered, such as {@code GET /livez}. */
    List<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .filter(handler -> !handler.endpoint.method.equals(HandlerType.BEFORE)
                        && !handler.endpoint.method.equals(HandlerType.AFTER))
                .map(handler -> handler.endpoint.method + " " + handler.endpoint.path)
                .toList();
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
