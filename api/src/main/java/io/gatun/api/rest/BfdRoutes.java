package io.gatun.api.rest;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.BfdEntry;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Json;
import io.gatun.api.params.ParamsStore;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;

/** {@code config/bfd}: contract section 2. Peers are named at the start; their intervals can be changed. */
final class BfdRoutes {
    private static final String BASE = RestServer.ROOT + "/config/bfd";

    private final ParamsStore params;

    BfdRoutes(ParamsStore params) {
        this.params = params;
    }

    void register(RoutesConfig routes) {
        routes.get(BASE + "/all", context -> Replies.json(context, new BfdEntry.All(params.sessions())));
        routes.post(BASE, this::post);
        routes.delete(BASE + "/remoteIP/{ip}", this::delete);
    }

    private void post(Context context) throws IOException {
        params.bfd(Json.read(Replies.body(context), BfdEntry.class));
        Replies.success(context);
    }

    private void delete(Context context) {
        String ip = context.pathParam("ip");
        String peer = IpLiteral.text(ParamsStore.remote(ip));
        if (params.sessions().stream().anyMatch(session -> session.remoteIp().equals(peer))) {
            throw new ApiException(
                    409,
                    "cant modify bfd session: remoteIp=" + ip
                            + " is watched since the start, start without --bfd or that --peer");
        }
        Replies.success(context);
    }
}
