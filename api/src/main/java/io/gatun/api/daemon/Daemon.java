package io.gatun.api.daemon;

import io.gatun.api.access.AccessFileException;
import io.gatun.api.endpoints.EndpointStore;
import io.gatun.api.events.NodeEvents;
import io.gatun.api.export.SavedState;
import io.gatun.api.firewall.FirewallStore;
import io.gatun.api.jmx.MBeans;
import io.gatun.api.log.Logs;
import io.gatun.api.metrics.Metrics;
import io.gatun.api.model.AddressPort;
import io.gatun.api.params.ParamsStore;
import io.gatun.api.rest.MetricsRoutes;
import io.gatun.api.rest.RestServer;
import io.gatun.api.rest.RestSources;
import io.gatun.api.roles.RoleStore;
import io.gatun.api.roles.Roles;
import io.gatun.api.rules.RuleStore;
import io.gatun.api.state.SettingsFile;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.health.Prober;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running Gatun: what {@code gatun run} starts and SIGTERM stops. */
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final Configuration configuration;
    private final Concluded concluded;
    private final RunOptions options;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private Forwarder forwarder;
    private InetSocketAddress api;
    private LiveConfiguration live;

    private Daemon(Configuration configuration, Concluded concluded) {
        this.configuration = configuration;
        this.concluded = concluded;
        this.options = concluded.options();
    }

    /** Starts everything with settings that never change. */
    public static Daemon start(RunOptions options, DataPlane dataPlane, Consumer<Throwable> onFailure) {
        Concluded concluded = Concluded.of(options);
        return start(changes -> concluded, concluded, dataPlane, onFailure);
    }

    /**
     * Starts everything; when this returns, packets are forwarded and REST answers.
     *
     * @param configuration where settings are read again
     * @param concluded what they come to now
     * @param onFailure told when forwarding ends by itself
     * @throws StartException when something forbids it; then nothing is left behind
     */
    public static Daemon start(
            Configuration configuration, Concluded concluded, DataPlane dataPlane, Consumer<Throwable> onFailure) {
        Daemon daemon = new Daemon(configuration, concluded);
        try {
            daemon.open(dataPlane, onFailure);
            return daemon;
        } catch (StartException | RejectedException e) {
            daemon.close();
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("gatun does not start", e);
            daemon.close();
            throw e;
        }
    }

    /** Where REST answers. */
    public InetSocketAddress api() {
        return api;
    }

    /** Reads the settings again; what comes of it is in the log. */
    void reload() {
        live.reloadOrTell();
    }

    /**
     * The line that says that everything works: {@code ready interface=eth0 engine=xdp mode=native reason="asked for"
     * api=0.0.0.0:11111}.
     */
    public String readyLine() {
        StringBuilder line = new StringBuilder("ready");
        for (PortSnapshot port : forwarder.ports()) {
            line.append(" interface=").append(port.name());
            line.append(" engine=").append(port.engine());
            line.append(" mode=").append(port.mode());
            line.append(" reason=\"").append(port.reason().replace('"', '\'')).append('"');
        }
        return line.append(" api=")
                .append(AddressPort.text(api.getAddress(), api.getPort()))
                .toString();
    }

    /** Stops in the order in which nobody is surprised: the VIPs go, no new orders, no more packets, then no forwarding. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} does not stop cleanly", part.getClass().getSimpleName(), e);
            }
        }
    }

    private void open(DataPlane dataPlane, Consumer<Throwable> onFailure) {
        makeDirectory("--run-dir", options.runDir());
        makeDirectory("--state-dir", options.stateDir());
        parts.push(InstanceLock.take("--run-dir", options.runDir()));
        if (!options.stateDir().equals(options.runDir())) {
            parts.push(InstanceLock.take("--state-dir", options.stateDir()));
        }
        checkAccess();
        concluded.remarks().forEach(LOG::info);
        forwarder = dataPlane.openForwarder(options, onFailure);
        parts.push(forwarder);
        VipOwner vipOwner = dataPlane.openVipOwner(options, forwarder);
        parts.push(vipOwner);
        RestSources sources = load(dataPlane, vipOwner);
        listen(sources);
        parts.push(MBeans.offer(forwarder, vipOwner::announcements));
        parts.push(vipOwner::leave);
    }

    /** Puts in force what was saved; from here on packets are forwarded. */
    private RestSources load(DataPlane dataPlane, VipOwner vipOwner) {
        Path state = options.stateDir();
        Calls calls = new Calls(vipOwner);
        RoleStore roles = new RoleStore(state, calls::role);
        RuleStore rules = new RuleStore(forwarder, state, calls::vips);
        Roles rolesInForce = new RolesInForce(roles, vipOwner);
        NodeEvents events = new NodeEvents(forwarder, rolesInForce, vipOwner.incidents(), vipOwner::stalled);
        parts.push(events);
        Prober prober = dataPlane.openProber();
        parts.push(prober);
        HealthMonitor monitor = monitor(prober, events);
        parts.push(monitor);
        EndpointStore endpoints = new EndpointStore(state, monitor);
        endpoints.usual(concluded.tuning().probes());
        rules.onChange(inForce -> {
            endpoints.rules(inForce);
            events.rules(inForce);
        });
        FirewallStore firewall = new FirewallStore(forwarder, state);
        ParamsStore params = new ParamsStore(state, vipOwner.bfd());
        try {
            params.load();
            firewall.load();
            MetricsRoutes metrics = new MetricsRoutes(
                    state,
                    () -> new Metrics(
                            forwarder,
                            monitor,
                            () -> rules.rules().size(),
                            rolesInForce,
                            vipOwner.incidents(),
                            vipOwner.figures()));
            roles.load();
            endpoints.load();
            rules.load();
            forwarder.attach();
            rules.announce();
            SavedState saved = new SavedState(state, rules, endpoints, firewall, params);
            saved.finishImport();
            // Endpoints of others' connections are known by now.
            parts.push(dataPlane.openSync(options, forwarder, vipOwner::connections));
            live = new LiveConfiguration(
                    configuration, concluded, new SettingsFile(state), now -> tune(now, vipOwner, endpoints));
            return new RestSources(
                    forwarder,
                    rules,
                    endpoints,
                    monitor,
                    rolesInForce,
                    vipOwner.incidents(),
                    firewall,
                    params,
                    saved,
                    metrics,
                    events,
                    live);
        } catch (RejectedException e) {
            throw new StartException(e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException("--state-dir=" + state + " cannot be used (" + e + "), give one that can", e);
        }
    }

    private void listen(RestSources sources) {
        try {
            RestServer rest = new RestServer(options.api(), sources);
            parts.push(rest);
            sources.events().start();
            api = rest.start();
        } catch (BindException e) {
            throw taken(options.api().addresses().getFirst(), e);
        } catch (AccessFileException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private HealthMonitor monitor(Prober prober, NodeEvents events) {
        return new HealthMonitor(
                prober,
                changes -> {
                    forwarder.endpointHealth(changes);
                    events.health(changes);
                },
                forwarder::endpointSignals);
    }

    private static void tune(Concluded now, VipOwner vipOwner, EndpointStore endpoints) {
        Logs.level(now.tuning().logLevel());
        now.options().vrrp().ifPresent(vipOwner::tune);
        endpoints.usual(now.tuning().probes());
    }

    /** A file that cannot be used, or a taken port, is found here, before anything touches the network. */
    private void checkAccess() {
        try {
            RestServer.checkFiles(options.api());
        } catch (AccessFileException e) {
            throw new StartException(e.getMessage(), e);
        }
        options.api().addresses().forEach(Daemon::probePort);
    }

    private static void probePort(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw taken(address, e);
        }
    }

    private static StartException taken(InetSocketAddress address, IOException e) {
        return new StartException(
                "--api=" + address.getHostString() + ":" + address.getPort() + " cannot be listened on ("
                        + e.getMessage() + "), stop what uses it or give another address",
                e);
    }

    private static void makeDirectory(String option, Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StartException(
                    option + "=" + directory + " cannot be made (" + e + "), give a directory that can", e);
        }
        if (!Files.isWritable(directory)) {
            throw new StartException(option + "=" + directory + " is not writable, give one that is");
        }
    }
}
