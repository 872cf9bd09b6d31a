package io.gatun.api.rest;

import io.gatun.api.events.EventLog;
import io.gatun.api.events.Subscription;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /gatun/v1/events}: what happens, as server-sent events. */
final class EventRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);

    private final EventLog log;

    EventRoutes(EventLog log) {
        this.log = log;
    }

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/events", this::follow);
    }

    /** Ends all streams, so that no request holds up a stop. */
    @Override
    public void close() {
        log.close();
    }

    /** A browser that reconnects asks the same address again: its header is newer than the parameter. */
    private void follow(Context context) {
        String lastId = context.header("Last-Event-ID");
        if (lastId == null || lastId.isEmpty()) {
            lastId = context.queryParam("since");
        }
        try (Subscription subscription = log.subscribe(lastId == null ? "" : lastId)) {
            HttpServletResponse response = context.res();
            response.setContentType("text/event-stream;charset=utf-8");
            response.setHeader("Cache-Control", "no-store");
            subscription.copyTo(response.getOutputStream());
        } catch (IOException e) {
            LOG.debug("a reader of events went away: {}", e.toString());
        }
    }
}
