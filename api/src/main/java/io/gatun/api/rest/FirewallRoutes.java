package io.gatun.api.rest;

import io.gatun.api.firewall.FirewallReader;
import io.gatun.api.firewall.FirewallStore;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.FirewallRule;
import io.gatun.api.model.Json;
import io.gatun.forwarder.control.SourcePrefix;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;

/** {@code config/firewall}: contract section 2. */
final class FirewallRoutes {
    private static final String BASE = RestServer.ROOT + "/config/firewall";

    private final FirewallStore firewall;

    FirewallRoutes(FirewallStore firewall) {
        this.firewall = firewall;
    }

    void register(RoutesConfig routes) {
        routes.get(BASE + "/all", context -> Replies.json(context, new FirewallRule.All(firewall.shown())));
        routes.post(BASE, this::post);
        routes.delete(BASE, this::delete);
    }

    private void post(Context context) throws IOException {
        firewall.post(FirewallReader.read(Json.read(Replies.body(context), FirewallRule.class)));
        Replies.success(context);
    }

    /** The query names a rule by its arguments, as it was made. */
    private void delete(Context context) {
        FirewallRule.Arguments asked = new FirewallRule.Arguments(
                context.queryParam("sourceIP"),
                context.queryParam("destinationIP"),
                number(context, "minSourcePort"),
                number(context, "maxSourcePort"),
                number(context, "minDestinationPort"),
                number(context, "maxDestinationPort"),
                number(context, "protocol"),
                context.queryParam("portName"),
                number(context, "preference"));
        SourcePrefix source = FirewallReader.source(asked.sourceIP());
        // No rule has more than a source, so one that is asked for by more is gone already.
        if (FirewallReader.beyondSource(asked).isEmpty()) {
            firewall.delete(source);
        }
        Replies.success(context);
    }

    private static int number(Context context, String name) {
        String text = Json.orEmpty(context.queryParam(name));
        try {
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ApiException.invalid("fw-args error", name, text, "give a whole number");
        }
    }
}
