package io.gatun.api.rest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;

/** {@code GET /gatun/v1/openapi.json}: what this server answers to. */
final class OpenApiRoutes {
    /** The document, written by hand; tests hold it against the routes and their answers. */
    static final String RESOURCE = "/io/gatun/api/openapi.json";

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/openapi.json", this::document);
    }

    private void document(Context context) throws IOException {
        try (InputStream in = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
            context.contentType("application/json").result(in.readAllBytes());
        }
    }
}
