package io.gatun.api.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every verb that asks a Gatun, as loxicmd has them. */
final class ApiOptions {
    @Option(
            names = {"-s", "--apiserver"},
            defaultValue = "127.0.0.1",
            scope = ScopeType.INHERIT,
            description = "address of the Gatun to ask (default: ${DEFAULT-VALUE})")
    String server;

    @Option(
            names = {"-p", "--port"},
            defaultValue = "11111",
            scope = ScopeType.INHERIT,
            description = "its REST port (default: ${DEFAULT-VALUE})")
    int port;

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

    @Option(
            names = "--token",
            defaultValue = "",
            scope = ScopeType.INHERIT,
            description = "sent as Authorization header")
    String token;

    /** Other than the plain table. */
    enum Output {
        WIDE,
        JSON
    }

    boolean wide() {
        return output == Output.WIDE;
    }

    boolean json() {
        return output == Output.JSON;
    }

    RestClient client() {
        return new RestClient(server, port, timeoutS, token);
    }
}
