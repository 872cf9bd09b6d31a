package io.gatun.api.rest;

import io.gatun.api.model.AddressPort;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.Explained;
import io.gatun.api.model.IoChange;
import io.gatun.api.model.IoPort;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Json;
import io.gatun.forwarder.control.ExplainQuery;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.Protocol;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;

/** What loxilb's API does not know: engines of interfaces, and the walk of a described packet. */
final class GatunRoutes {
    static final String ROOT = "/gatun/v1";

    private static final int NUMBER_MAX = 65_535;

    private final Forwarder forwarder;

    GatunRoutes(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.get(ROOT + "/ports", this::ports);
        routes.post(ROOT + "/io", this::switchEngine);
        routes.get(ROOT + "/explain", this::explain);
    }

    /** The parameter of a query. */
    static String parameter(Context context, String name, String example) {
        String value = context.queryParam(name);
        if (value == null || value.isEmpty()) {
            throw ApiException.invalid(name, value == null ? "" : value, "give " + example);
        }
        return value;
    }

    private void ports(Context context) {
        Replies.json(
                context,
                new IoPort.All(forwarder.ports().stream().map(IoPort::of).toList()));
    }

    private void switchEngine(Context context) throws IOException {
        IoChange change = Json.read(Replies.body(context), IoChange.class);
        List<String> names = forwarder.ports().stream().map(PortSnapshot::name).toList();
        if (!names.contains(change.interfaceName())) {
            throw ApiException.invalid(
                    "interface", change.interfaceName(), "give one that is served: " + String.join(", ", names));
        }
        forwarder.switchEngine(change.interfaceName(), engine(change.io()));
        Replies.success(context);
    }

    private static IoEngine engine(String text) {
        for (IoEngine engine : IoEngine.values()) {
            if (engine.text().equals(text)) {
                return engine;
            }
        }
        throw ApiException.invalid("io", text, "give auto, xdp or raw");
    }

    private void explain(Context context) {
        Protocol protocol = protocol(parameter(context, "proto", "tcp, udp, sctp or icmp"));
        boolean icmp = protocol == Protocol.ICMP;
        AddressPort from = end(context, "from", icmp);
        AddressPort to = end(context, "to", icmp);
        if (!IpLiteral.sameFamily(from.address(), to.address())) {
            throw ApiException.invalid(
                    "to",
                    IpLiteral.text(to.address()),
                    "give an " + IpLiteral.family(from.address()) + " address as from has");
        }
        int identifier = identifier(context.queryParam("id"), icmp);
        ExplainQuery query = new ExplainQuery(
                protocol, from.address(), icmp ? identifier : from.port(), to.address(), icmp ? 0 : to.port());
        Replies.json(context, Explained.of(forwarder.explain(query)));
    }

    private static Protocol protocol(String text) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.text().equals(text)) {
                return protocol;
            }
        }
        throw ApiException.invalid("proto", text, "give tcp, udp, sctp or icmp");
    }

    private static AddressPort end(Context context, String name, boolean icmp) {
        String example = icmp
                ? "an address alone such as 10.0.0.7, icmp has no ports"
                : "ADDRESS:PORT such as 10.0.0.7:51000 or [2001:db8::7]:51000";
        String text = parameter(context, name, example);
        return AddressPort.parse(text)
                .filter(end -> end.hasPort() != icmp)
                .orElseThrow(() -> ApiException.invalid(name, text, "give " + example));
    }

    private static int identifier(String text, boolean icmp) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        if (!icmp) {
            throw ApiException.invalid("id", text, "only icmp has an identifier, leave it out");
        }
        return (int) number("id", text, 0, NUMBER_MAX);
    }

    /** A whole number within bounds. */
    static long number(String name, String text, long min, long max) {
        String cure = "give " + min + "-" + max;
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw ApiException.invalid(name, text, cure);
        }
        throw ApiException.invalid(name, text, cure);
    }
}
