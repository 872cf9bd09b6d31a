package io.gatun.api.rest;

import io.gatun.api.export.SavedState;
import io.gatun.api.model.Exported;
import io.gatun.api.model.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;

/** {@code config/export} and {@code config/import}. */
final class ExportRoutes {
    private final SavedState saved;

    ExportRoutes(SavedState saved) {
        this.saved = saved;
    }

    void register(RoutesConfig routes) {
        routes.get(RestServer.ROOT + "/config/export", context -> Replies.json(context, saved.all()));
        routes.post(RestServer.ROOT + "/config/import", this::replace);
    }

    private void replace(Context context) throws IOException {
        saved.replace(Json.read(Replies.body(context, Replies.DOCUMENT_MAX_BYTES), Exported.class));
        Replies.success(context);
    }
}
