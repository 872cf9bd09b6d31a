package io.gatun.api.rest;

import io.gatun.api.daemon.LiveConfiguration;
import io.gatun.api.daemon.StartException;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings: those in force, changes, and reading them again as SIGHUP does. */
final class ConfigRoutes {
    private final LiveConfiguration configuration;

    ConfigRoutes(LiveConfiguration configuration) {
        this.configuration = configuration;
    }

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/config", context -> Replies.json(context, configuration.report()));
        routes.post(GatunRoutes.ROOT + "/config", this::change);
        routes.post(GatunRoutes.ROOT + "/config/reload", this::reload);
    }

    private void change(Context context) throws IOException {
        Map<String, Object> changes = new LinkedHashMap<>();
        Map<?, ?> body = Json.read(Replies.body(context), Map.class);
        body.forEach((name, value) -> changes.put(String.valueOf(name), value));
        Replies.json(context, configuration.change(changes));
    }

    private void reload(Context context) {
        try {
            Replies.json(context, configuration.reload());
        } catch (StartException e) {
            throw new ApiException(400, e.getMessage());
        }
    }
}
