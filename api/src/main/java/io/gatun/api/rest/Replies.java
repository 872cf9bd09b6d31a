package io.gatun.api.rest;

import io.gatun.api.model.Answer;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.ErrorAnswer;
import io.gatun.api.model.Json;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers and reads bodies. */
final class Replies {
    static final int BODY_MAX_BYTES = 1 << 20;

    /** Of a whole configuration: 2,048 rules of 32 endpoints take 6 MiB. */
    static final int DOCUMENT_MAX_BYTES = 16 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final String JSON = "application/json";

    private Replies() {}

    static void json(Context context, Object value) {
        context.contentType(JSON).result(Json.bytes(value));
    }

    static void success(Context context) {
        json(context, Answer.SUCCESS);
    }

    static void error(Context context, int status, String message) {
        context.status(status);
        json(context, ErrorAnswer.of(status, message));
    }

    static void refused(ApiException e, Context context) {
        LOG.info("{} {} refused with {}: {}", context.method(), context.path(), e.status(), e.getMessage());
        if (e.status() == 200) {
            json(context, new Answer(e.getMessage()));
            return;
        }
        error(context, e.status(), e.getMessage());
    }

    /**
     * Of a change that is answered, what nobody read of the body: a connection is closed with a rest on it, and the next
     * request that its client has sent meanwhile is lost. A rest of over {@link #BODY_MAX_BYTES} is not waited for.
     */
    static void takeRest(Context context) {
        if (context.method().equals(HandlerType.GET)) {
            return; // it may go on for long, and has no body
        }
        try {
            context.req().getInputStream().readNBytes(BODY_MAX_BYTES);
        } catch (IOException e) {
            LOG.debug("the rest of a body did not come", e);
        }
    }

    /** What Javalin itself refuses: unknown paths above all. */
    static void unmatched(HttpResponseException e, Context context) {
        if (e.getStatus() == 404) {
            error(context, 404, "path " + context.path() + " was not found");
        } else {
            error(context, e.getStatus(), "request refused, see docs for what " + context.path() + " takes");
        }
    }

    static void broken(Exception e, Context context) {
        LOG.error("{} {} failed", context.method(), context.path(), e);
        error(
                context,
                500,
                "internal error: " + context.method() + " " + context.path() + " failed, see the log of gatun");
    }

    /** What Jetty refuses before Javalin sees it: malformed requests, headers too large. */
    static boolean malformed(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 500 : response.getStatus();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
        String sentence = status == 431
                ? "headers are larger than 8192 bytes, send fewer"
                : "malformed request, send HTTP/1.1 with a plain path";
        byte[] body = Json.bytes(ErrorAnswer.of(status, sentence));
        Content.Sink.write(response, true, new String(body, StandardCharsets.UTF_8), callback);
        return true;
    }

    /**
     * The body.
     *
     * @throws ApiException 413 when it is larger than {@link #BODY_MAX_BYTES}
     */
    static byte[] body(Context context) throws IOException {
        return body(context, BODY_MAX_BYTES);
    }

    /** The body, of at most so many bytes; 413 when it is larger. */
    static byte[] body(Context context, int maxBytes) throws IOException {
        byte[] body = context.req().getInputStream().readNBytes(maxBytes + 1);
        if (body.length > maxBytes) {
            context.header("Connection", "close");
            throw new ApiException(413, "body is larger than " + maxBytes + " bytes, send one rule at a time");
        }
        return body;
    }
}
