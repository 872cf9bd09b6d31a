package io.gatun.api.rules;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ServiceArguments;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Selection;
import java.util.List;

/** Checks of attributes that need no look at any other. */
final class ArgumentChecks {
    private static final int TIMEOUT_MAX_S = 86_400;
    private static final int TEXT_LENGTH_MAX = 1024;
    /** The words of loxicmd; the place is the code. */
    private static final List<String> SELECTIONS = List.of("rr", "hash", "priority", "persist", "lc", "n2", "n3");

    private ArgumentChecks() {}

    static void check(ServiceArguments arguments) {
        checkMode(arguments);
        checkSelection(arguments.sel());
        checkNumbers(arguments);
        checkText("name", arguments.name());
        checkText("probereq", arguments.probereq());
        checkText("proberesp", arguments.proberesp());
        checkUnsupported(arguments);
        ProbeArguments.check(arguments);
    }

    private static void checkMode(ServiceArguments arguments) {
        if (RuleReader.mode(arguments.mode()) == NatMode.FULL_PROXY) {
            throw invalid(
                    "service-args error",
                    "mode",
                    arguments.mode(),
                    "Gatun is no L7 proxy, give 0 (default), 1 (onearm), 2 (fullnat), 3 (dsr) or 5 (hostonearm)");
        }
    }

    private static void checkSelection(int code) {
        Selection selection = RuleReader.selection(code);
        if (selection == Selection.N2 || selection == Selection.N3) {
            throw invalid(
                    "service-args error",
                    "sel",
                    code + " (" + SELECTIONS.get(code) + ")",
                    "it is for telecom protocols, which Gatun does not read, give 0 (rr), 1 (hash), 2 (priority), 3 (persist) or"
                            + " 4 (lc)");
        }
    }

    private static void checkNumbers(ServiceArguments arguments) {
        if (arguments.inactiveTimeOut() < 0 || arguments.inactiveTimeOut() > TIMEOUT_MAX_S) {
            throw invalid(
                    "service-args error",
                    "inactiveTimeOut",
                    arguments.inactiveTimeOut(),
                    "give 1-" + TIMEOUT_MAX_S + " seconds, or 0 for the default");
        }
        if (arguments.oper() < 0 || arguments.oper() > 2) {
            throw invalid("service-args error", "oper", arguments.oper(), "give 0 (replace), 1 (attach) or 2 (detach)");
        }
    }

    private static void checkText(String field, String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            throw invalid(
                    "service-args error",
                    field,
                    text.substring(0, 16) + "... (" + text.length() + " characters)",
                    "give at most " + TEXT_LENGTH_MAX);
        }
        if (text.chars().anyMatch(Character::isISOControl) && field.equals("name")) {
            throw invalid(
                    "service-args error", field, text.replaceAll("\\p{Cntrl}", "?"), "leave control characters out");
        }
    }

    private static void checkUnsupported(ServiceArguments arguments) {
        if (arguments.security() != 0) {
            throw invalid("service-args error", "security", arguments.security(), "Gatun ends no TLS, give 0");
        }
        if (!arguments.host().isEmpty()) {
            throw invalid("service-args error", "host", arguments.host(), "Gatun reads no HTTP, leave it empty");
        }
        if (arguments.proxyprotocolv2()) {
            throw invalid("service-args error", "proxyprotocolv2", true, "it is not supported yet, give false");
        }
        if (arguments.egress()) {
            throw invalid("service-args error", "egress", true, "it is not supported yet, give false");
        }
    }
}
