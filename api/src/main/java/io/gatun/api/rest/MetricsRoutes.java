package io.gatun.api.rest;

import io.gatun.api.metrics.Metrics;
import io.gatun.api.metrics.Scrape;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.Json;
import io.gatun.api.state.StateFile;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET metrics} and {@code config/metrics}, by which it is turned on and off: contract section 5.6. */
public final class MetricsRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsRoutes.class);
    private static final String CONFIG = RestServer.ROOT + "/config/metrics";

    private final Supplier<Metrics> source;
    private final StateFile<Switch> file;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean on;
    private Metrics metrics;

    /**
     * As the switch was left.
     *
     * @param stateDir where it is kept; on until somebody turns it off
     * @param source makes what is scraped; called at the first scrape
     */
    public MetricsRoutes(Path stateDir, Supplier<Metrics> source) throws IOException {
        this.source = source;
        this.file = new StateFile<>(stateDir.resolve("metrics.json"), bytes -> Json.read(bytes, Switch.class));
        this.on = file.read().map(Switch::prometheus).orElse(true);
    }

    /**
     * Body of {@code config/metrics}.
     *
     * @param prometheus whether {@code GET metrics} answers
     */
    record Switch(Boolean prometheus) {}

    void register(RoutesConfig routes) {
        routes.get(RestServer.ROOT + "/metrics", this::scrape);
        routes.get(CONFIG, context -> Replies.json(context, new Switch(on)));
        routes.post(CONFIG, this::configure);
        routes.delete(CONFIG, context -> change(context, false));
    }

    private void scrape(Context context) throws IOException {
        if (!on) {
            throw new ApiException(503, "metrics are off, turn them on by POST " + CONFIG);
        }
        Scrape scrape = metrics().scrape(context.header("Accept"));
        context.contentType(scrape.contentType()).result(scrape.text());
    }

    private Metrics metrics() {
        lock.lock();
        try {
            if (metrics == null) {
                metrics = source.get();
            }
            return metrics;
        } finally {
            lock.unlock();
        }
    }

    /** A body that says nothing turns them on, as the path alone does on loxilb's command line. */
    private void configure(Context context) throws IOException {
        byte[] body = Replies.body(context);
        Boolean wanted = body.length == 0 ? null : Json.read(body, Switch.class).prometheus();
        change(context, wanted == null || wanted);
    }

    private void change(Context context, boolean wanted) {
        lock.lock();
        try {
            if (wanted != on) {
                store(wanted);
                on = wanted;
                LOG.info("metrics are {}", wanted ? "on" : "off");
            }
        } finally {
            lock.unlock();
        }
        Replies.success(context);
    }

    private void store(boolean wanted) {
        try {
            file.write(new Switch(wanted));
        } catch (IOException e) {
            LOG.error("the switch of metrics is not saved", e);
            throw new ApiException(500, "state error: metrics are not switched (" + e + "), free the state directory");
        }
    }
}
