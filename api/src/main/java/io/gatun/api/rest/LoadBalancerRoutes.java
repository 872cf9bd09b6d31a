package io.gatun.api.rest;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.Json;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.rules.Rule;
import io.gatun.api.rules.RuleStore;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code config/loadbalancer}: contract sections 1.2, 1.3, 2 and 3. */
final class LoadBalancerRoutes {
    private static final String BASE = RestServer.ROOT + "/config/loadbalancer";
    private static final String HOST = "/hosturl/{host}";
    private static final String ONE = "/externalipaddress/{ip}/port/{port}";
    private static final String RANGE = "/portmax/{portmax}";
    private static final String PROTOCOL = "/protocol/{protocol}";

    private static final int PORT_MAX = 65_535;

    private final RuleStore rules;
    private final Forwarder forwarder;

    LoadBalancerRoutes(RuleStore rules, Forwarder forwarder) {
        this.rules = rules;
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.post(BASE, this::post);
        routes.get(BASE + "/all", this::all);
        routes.delete(BASE + "/all", this::deleteAll);
        routes.delete(BASE + "/name/{name}", this::deleteNamed);
        routes.delete(BASE + ONE + PROTOCOL, this::delete);
        routes.delete(BASE + ONE + RANGE + PROTOCOL, this::delete);
        routes.delete(BASE + HOST + ONE + PROTOCOL, this::delete);
        routes.delete(BASE + HOST + ONE + RANGE + PROTOCOL, this::delete);
    }

    private void post(Context context) throws IOException {
        rules.post(Json.read(Replies.body(context), LoadBalancer.class));
        Replies.success(context);
    }

    private void all(Context context) {
        Map<ServiceKey, ServiceSnapshot> services = new HashMap<>();
        for (ServiceSnapshot service : forwarder.services()) {
            services.put(service.spec().key(), service);
        }
        List<LoadBalancer> entries = new ArrayList<>();
        for (Rule rule : rules.rules()) {
            entries.add(rule.entry(services.get(rule.key())));
        }
        Replies.json(context, new LoadBalancer.All(entries));
    }

    private void deleteAll(Context context) {
        rules.deleteAll();
        Replies.success(context);
    }

    private void deleteNamed(Context context) {
        rules.deleteNamed(context.pathParam("name"));
        Replies.success(context);
    }

    private void delete(Context context) {
        Map<String, String> path = context.pathParamMap();
        int port = port("port", path.get("port"));
        int portMax = port("portmax", path.getOrDefault("portmax", "0"));
        String block = context.queryParam("block");
        long mark = block == null || block.isEmpty() ? 0 : number("block", block);
        String host = path.getOrDefault("host", "any");
        // No rule has a host (see RuleReader), so one that is asked for by host is gone already.
        if (host.equals("any")) {
            rules.delete(path.get("ip"), port, portMax, path.get("protocol"), mark);
        }
        Replies.success(context);
    }

    private static int port(String field, String text) {
        long port = number(field, text);
        if (port < 0 || port > PORT_MAX) {
            throw ApiException.invalid("serv-port-args range error", field, text, "give 1-" + PORT_MAX);
        }
        return (int) port;
    }

    private static long number(String field, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.invalid("service-args error", field, text, "give a whole number");
        }
    }
}
