package io.gatun.api.firewall;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.FirewallRule;
import io.gatun.api.model.IpNetwork;
import io.gatun.forwarder.control.AccessRule;
import io.gatun.forwarder.control.SourcePrefix;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Checks firewall rules: a source and drop or allow. All else is refused, never taken and ignored. */
public final class FirewallReader {
    private static final String PHRASE = "fw-args error";
    private static final int PORT_MAX = 65_535;
    private static final Set<String> ANY = Set.of("", "0.0.0.0/0", "::/0");

    private FirewallReader() {}

    /**
     * The rule of the wire.
     *
     * @throws ApiException 422 when a part is missing, 400 when it asks for what Gatun does not do
     */
    public static AccessRule read(FirewallRule wire) {
        if (wire == null || wire.ruleArguments() == null || wire.opts() == null) {
            throw ApiException.unreadable("ruleArguments or opts is missing, send"
                    + " {\"ruleArguments\":{\"sourceIP\":\"10.0.0.0/8\"},\"opts\":{\"drop\":true}}");
        }
        SourcePrefix source = source(wire.ruleArguments().sourceIP());
        beyondSource(wire.ruleArguments()).forEach((field, value) -> {
            throw invalid(PHRASE, field, value, "rules here go by sourceIP alone, leave it out");
        });
        FirewallRule.Options opts = wire.opts();
        beyondDrop(opts).forEach((field, value) -> {
            throw invalid(PHRASE, field, value, "rules here drop or allow, leave it out");
        });
        if (opts.drop() == opts.allow()) {
            throw invalid(PHRASE, "drop", opts.drop(), "give one of drop and allow as true");
        }
        return new AccessRule(source, opts.allow());
    }

    /** The network of a rule. */
    public static SourcePrefix source(String text) {
        return IpNetwork.parse(text)
                .orElseThrow(
                        () -> invalid(PHRASE, "sourceIP", text, "give a network such as 10.0.0.0/8 or 2001:db8::/32"));
    }

    /** What these arguments ask for besides a source, field by field; no rule of Gatun's has that. */
    public static Map<String, Object> beyondSource(FirewallRule.Arguments asked) {
        Asked beyond = new Asked();
        beyond.add("destinationIP", asked.destinationIP(), ANY.contains(asked.destinationIP()));
        beyond.add("minSourcePort", asked.minSourcePort(), asked.minSourcePort() == 0);
        beyond.add("maxSourcePort", asked.maxSourcePort(), isLast(asked.maxSourcePort()));
        beyond.add("minDestinationPort", asked.minDestinationPort(), asked.minDestinationPort() == 0);
        beyond.add("maxDestinationPort", asked.maxDestinationPort(), isLast(asked.maxDestinationPort()));
        beyond.add("protocol", asked.protocol(), asked.protocol() == 0);
        beyond.add("portName", asked.portName(), asked.portName().isEmpty());
        beyond.add("preference", asked.preference(), asked.preference() == 0);
        return beyond.fields;
    }

    private static Map<String, Object> beyondDrop(FirewallRule.Options asked) {
        Asked beyond = new Asked();
        beyond.add("trap", asked.trap(), !asked.trap());
        beyond.add("redirect", asked.redirect(), !asked.redirect());
        beyond.add(
                "redirectPortName",
                asked.redirectPortName(),
                asked.redirectPortName().isEmpty());
        beyond.add("fwMark", asked.fwMark(), asked.fwMark() == 0);
        beyond.add("record", asked.record(), !asked.record());
        beyond.add("doSnat", asked.doSnat(), !asked.doSnat());
        beyond.add("toIP", asked.toIP(), asked.toIP().isEmpty());
        beyond.add("toPort", asked.toPort(), asked.toPort() == 0);
        beyond.add("onDefault", asked.onDefault(), !asked.onDefault());
        return beyond.fields;
    }

    private static boolean isLast(int port) {
        return port == 0 || port == PORT_MAX;
    }

    private static final class Asked {
        private final Map<String, Object> fields = new LinkedHashMap<>();

        void add(String field, Object value, boolean isAny) {
            if (!isAny) {
                fields.put(field, value);
            }
        }
    }
}
