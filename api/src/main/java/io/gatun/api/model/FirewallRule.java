package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A rule of the firewall on the wire. Gatun looks at the source alone, and drops or allows. */
public record FirewallRule(Arguments ruleArguments, Options opts) {

    /** All rules, as {@code GET config/firewall/all} answers. */
    public record All(List<FirewallRule> fwAttr) {}

    /**
     * Which packets. Zero and empty values mean any and are absent on the wire.
     *
     * @param sourceIP a network such as {@code 10.0.0.0/8}, or an address
     * @param protocol an IP protocol number
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Arguments(
            String sourceIP,
            String destinationIP,
            int minSourcePort,
            int maxSourcePort,
            int minDestinationPort,
            int maxDestinationPort,
            int protocol,
            String portName,
            int preference) {
        public Arguments {
            sourceIP = Json.orEmpty(sourceIP);
            destinationIP = Json.orEmpty(destinationIP);
            portName = Json.orEmpty(portName);
        }
    }

    /**
     * What becomes of them.
     *
     * @param counter in answers: {@code packets:bytes} that were dropped
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Options(
            boolean drop,
            boolean trap,
            boolean redirect,
            String redirectPortName,
            boolean allow,
            long fwMark,
            boolean record,
            boolean doSnat,
            String toIP,
            int toPort,
            boolean onDefault,
            String counter) {
        public Options {
            redirectPortName = Json.orEmpty(redirectPortName);
            toIP = Json.orEmpty(toIP);
            counter = Json.orEmpty(counter);
        }

        /** Drop or allow, and nothing else. */
        public static Options of(boolean allow, String counter) {
            return new Options(!allow, false, false, "", allow, 0, false, false, "", 0, false, counter);
        }
    }
}
