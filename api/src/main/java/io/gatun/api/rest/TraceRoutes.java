package io.gatun.api.rest;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.TimeText;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.TraceQuery;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /gatun/v1/trace}: a line of JSON for each packet, as it comes. */
final class TraceRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TraceRoutes.class);
    private static final String LINES = "application/x-ndjson;charset=utf-8";
    private static final int COUNT_MAX = 10_000;
    private static final String COUNT_DEFAULT = "10";
    private static final long TIMEOUT_MAX_MS = 3_600_000;
    private static final String TIMEOUT_DEFAULT = "30s";

    private final Forwarder forwarder;
    private final Set<TraceFeed> running = ConcurrentHashMap.newKeySet();

    TraceRoutes(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/trace", this::trace);
    }

    /** Ends all traces, so that no request holds up a stop. */
    @Override
    public void close() {
        running.forEach(TraceFeed::close);
    }

    private void trace(Context context) {
        TraceQuery query = query(context);
        try (TraceFeed feed = TraceFeed.start(forwarder, query)) {
            running.add(feed);
            try {
                feed.copyTo(() -> lines(context.res()));
            } catch (IOException | UncheckedIOException e) {
                LOG.info("reader of the trace of {} went away", IpLiteral.text(query.vip()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running.remove(feed);
            }
        }
    }

    private static OutputStream lines(HttpServletResponse response) {
        response.setContentType(LINES);
        try {
            return response.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TraceQuery query(Context context) {
        String text = GatunRoutes.parameter(context, "vip", "a VIP such as 192.168.80.200");
        InetAddress vip = IpLiteral.parse(text)
                .orElseThrow(() -> ApiException.invalid("vip", text, "give an address such as 192.168.80.200"));
        long count = GatunRoutes.number("count", orDefault(context, "count", COUNT_DEFAULT), 1, COUNT_MAX);
        String timeout = orDefault(context, "timeout", TIMEOUT_DEFAULT);
        long timeoutMs = TimeText.millis(timeout).orElse(0);
        if (timeoutMs < 1 || timeoutMs > TIMEOUT_MAX_MS) {
            throw ApiException.invalid("timeout", timeout, "give 1ms-1h, such as 30s");
        }
        return new TraceQuery(vip, (int) count, timeoutMs);
    }

    private static String orDefault(Context context, String name, String otherwise) {
        String value = context.queryParam(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
