package io.gatun.api.cli;

import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every verb that asks a Gatun one question, as loxicmd has them. */
final class ApiOptions {
    @Mixin
    ServerOptions server;

    @Option(
            names = {"-t", "--timeout"},
            defaultValue = "10",
            scope = ScopeType.INHERIT,
            description = "seconds to wait for an answer (default: ${DEFAULT-VALUE})")
    int timeoutS;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "wide|json",
            scope = ScopeType.INHERIT,
            description = "more columns, or the answer as it is")
    Output output;

    /** Other than the plain table. */
    enum Output {
        WIDE,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean wide() {
        return output == Output.WIDE;
    }

    boolean json() {
        return output == Output.JSON;
    }

    RestClient client() {
        return server.client(timeoutS);
    }
}
