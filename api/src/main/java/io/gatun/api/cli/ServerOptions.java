package io.gatun.api.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which Gatun a verb asks, as loxicmd has it. */
final class ServerOptions {
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
            names = "--token",
            defaultValue = "",
            scope = ScopeType.INHERIT,
            description = "sent as Authorization header")
    String token;

    /** @param timeoutS seconds to wait for the beginning of an answer */
    RestClient client(int timeoutS) {
        return new RestClient(server, port, timeoutS, token);
    }
}
