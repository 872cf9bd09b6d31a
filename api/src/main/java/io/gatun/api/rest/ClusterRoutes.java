package io.gatun.api.rest;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.ClusterInstance;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Json;
import io.gatun.api.roles.InstanceRole;
import io.gatun.api.roles.Roles;
import io.gatun.ha.role.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code config/cistate}: contract section 5.1. */
final class ClusterRoutes {
    private static final String BASE = RestServer.ROOT + "/config/cistate";
    private static final Pattern INSTANCE = Pattern.compile("[\\w.-]{1,128}");
    private static final String VIP_ANY = "0.0.0.0";

    private final Roles roles;

    ClusterRoutes(Roles roles) {
        this.roles = roles;
    }

    void register(RoutesConfig routes) {
        routes.get(BASE, this::all);
        routes.get(BASE + "/all", this::all);
        routes.post(BASE, this::set);
    }

    private void all(Context context) {
        List<ClusterInstance> instances = new ArrayList<>();
        for (InstanceRole role : roles.all()) {
            instances.add(new ClusterInstance(role.instance(), role.state().name(), null, role.vip()));
        }
        Replies.json(context, new ClusterInstance.All(instances));
    }

    private void set(Context context) throws IOException {
        ClusterInstance asked = Json.read(Replies.body(context), ClusterInstance.class);
        String instance = asked.instance();
        if (instance == null || !INSTANCE.matcher(instance).matches()) {
            throw ApiException.invalid(
                    "malformed cluster-instance", "instance", instance, "give a name such as llb-inst0");
        }
        String state = asked.state() == null ? "" : asked.state();
        Role known = Role.of(state)
                .orElseThrow(() -> ApiException.invalid(
                        "invalid cluster-state", "state", state, "give MASTER, BACKUP, FAULT, STOP or NOT_DEFINED"));
        String vip = asked.vip() == null || asked.vip().isEmpty() ? VIP_ANY : asked.vip();
        if (IpLiteral.parse(vip).isEmpty()) {
            throw ApiException.invalid("malformed cluster-vip", "vip", vip, "give an IP address, or 0.0.0.0 for none");
        }
        roles.set(new InstanceRole(instance, known, vip));
        Replies.success(context);
    }
}
