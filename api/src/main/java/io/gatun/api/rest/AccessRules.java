package io.gatun.api.rest;

import io.gatun.api.access.SourceBook;
import io.gatun.api.access.Tokens;
import io.gatun.api.access.Tokens.Right;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before each request: whether its source asks too often, and whether its token is good for it. Those by which others see
 * whether we live are always answered.
 */
final class AccessRules {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRules.class);
    private static final Set<String> OPEN = Set.of(RestServer.ROOT, RestServer.ROOT + "/", "/readyz", "/livez");
    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final long WARN_EVERY_NS = TimeUnit.SECONDS.toNanos(10);

    private final SourceBook sources;
    private final Optional<Tokens> tokens;
    private final AtomicLong warnedNs = new AtomicLong(System.nanoTime() - WARN_EVERY_NS);
    private final AtomicLong refused = new AtomicLong();

    AccessRules(SourceBook sources, Optional<Tokens> tokens) {
        this.sources = sources;
        this.tokens = tokens;
    }

    void register(RoutesConfig routes) {
        routes.before(this::check);
    }

    private void check(Context context) {
        boolean reading = READING.contains(context.method());
        if (reading && OPEN.contains(context.path())) {
            return;
        }
        if (!sources.request(source(context), System.nanoTime())) {
            context.header("Retry-After", "1");
            refuse(context, 429, "too many requests from " + context.ip() + ", ask less often");
        } else if (tokens.isPresent()) {
            check(context, tokens.get().right(context.header("Authorization")), reading);
        }
    }

    private void check(Context context, Right right, boolean reading) {
        if (right == Right.NONE) {
            context.header("WWW-Authenticate", "Bearer realm=\"gatun\", Basic realm=\"gatun\"");
            refuse(context, 401, "no valid token, send one of those of --tokens as Authorization header");
        } else if (right == Right.READ && !reading) {
            refuse(context, 403, "this token may only read, send one that is for admin");
        }
    }

    private void refuse(Context context, int status, String sentence) {
        Replies.error(context, status, sentence);
        context.skipRemainingHandlers();
        long count = refused.incrementAndGet();
        long nowNs = System.nanoTime();
        long before = warnedNs.get();
        if (nowNs - before >= WARN_EVERY_NS && warnedNs.compareAndSet(before, nowNs)) {
            LOG.warn(
                    "{} {} of {}: {} ({} such requests so far)",
                    context.method(),
                    context.path(),
                    context.ip(),
                    sentence,
                    count);
        }
    }

    private static InetAddress source(Context context) {
        return ((InetSocketAddress) ServletContextRequest.getServletContextRequest(context.req())
                        .getConnectionMetaData()
                        .getRemoteSocketAddress())
                .getAddress();
    }
}
