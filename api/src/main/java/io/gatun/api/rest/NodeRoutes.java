package io.gatun.api.rest;

import io.gatun.api.model.DropCounters;
import io.gatun.api.model.DropReport;
import io.gatun.api.model.Json;
import io.gatun.api.model.Params;
import io.gatun.api.model.ProcessStatus;
import io.gatun.api.model.Readiness;
import io.gatun.api.params.ParamsStore;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.PortSnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How this node is: its process, its log level, what it drops, whether it may be sent traffic. */
final class NodeRoutes {
    private static final Set<String> OUT_OF_SERVICE = Set.of("down", "detached");
    /** Longer than any change takes, shorter than the patience of who asks. */
    private static final long CONDUCTOR_TIMEOUT_MS = 500;

    private static final int SERVICE_UNAVAILABLE = 503;

    private final Forwarder forwarder;
    private final ParamsStore params;

    NodeRoutes(Forwarder forwarder, ParamsStore params) {
        this.forwarder = forwarder;
        this.params = params;
    }

    void register(RoutesConfig routes) {
        routes.get("/livez", context -> Replies.json(context, new Readiness(true, List.of())));
        routes.get("/readyz", this::ready);
        routes.get(GatunRoutes.ROOT + "/drops", this::drops);
        routes.get(RestServer.ROOT + "/status/process", this::process);
        routes.get(RestServer.ROOT + "/config/params", this::params);
        routes.post(RestServer.ROOT + "/config/params", this::setParams);
    }

    private void ready(Context context) throws InterruptedException {
        List<String> reasons = new ArrayList<>();
        for (PortSnapshot port : forwarder.ports()) {
            if (OUT_OF_SERVICE.contains(port.mode())) {
                reasons.add("interface " + port.name() + " is " + port.mode());
            }
        }
        if (!conductorAnswers()) {
            reasons.add("no change of rules would be taken: the conductor does not answer");
        }
        context.status(reasons.isEmpty() ? 200 : SERVICE_UNAVAILABLE);
        Replies.json(context, new Readiness(reasons.isEmpty(), reasons));
    }

    private boolean conductorAnswers() throws InterruptedException {
        FutureTask<?> asked = new FutureTask<>(forwarder::pulses);
        Thread.ofVirtual().start(asked);
        try {
            asked.get(CONDUCTOR_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    private void drops(Context context) {
        List<DropReport.Reason> reasons = DropCounters.all(forwarder.counters()).entrySet().stream()
                .map(drop -> new DropReport.Reason(drop.getKey(), drop.getValue()))
                .toList();
        long packets = reasons.stream().mapToLong(DropReport.Reason::packets).sum();
        Replies.json(context, new DropReport(packets, reasons));
    }

    private void process(Context context) throws IOException {
        ProcessStatus own = ProcessRow.read(Path.of("/proc"));
        Replies.json(context, new ProcessStatus.All(List.of(own)));
    }

    private void params(Context context) {
        Replies.json(context, new Params(params.logLevel()));
    }

    private void setParams(Context context) throws IOException {
        params.logLevel(Json.read(Replies.body(context), Params.class).logLevel());
        Replies.success(context);
    }
}
