package io.gatun.api.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Help.Visibility;
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
            defaultValue = "${env:GATUN_CLIENT_TOKEN:-}",
            scope = ScopeType.INHERIT,
            showDefaultValue = Visibility.NEVER,
            description = "sent as Authorization header (default: environment GATUN_CLIENT_TOKEN)")
    String token;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:GATUN_CLIENT_TOKEN_FILE:-" + Option.NULL_VALUE + "}",
            scope = ScopeType.INHERIT,
            showDefaultValue = Visibility.NEVER,
            description = "the token is the first line of this file (default: environment GATUN_CLIENT_TOKEN_FILE)")
    Path tokenFile;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            defaultValue = "${env:GATUN_CLIENT_TLS_CA:-" + Option.NULL_VALUE + "}",
            scope = ScopeType.INHERIT,
            showDefaultValue = Visibility.NEVER,
            description = "HTTPS, with a Gatun whose certificate is of this authority, PEM (default: environment"
                    + " GATUN_CLIENT_TLS_CA)")
    Path tlsCa;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            defaultValue = "${env:GATUN_CLIENT_TLS_CERT:-" + Option.NULL_VALUE + "}",
            scope = ScopeType.INHERIT,
            showDefaultValue = Visibility.NEVER,
            description =
                    "our own certificate, PEM, where one is asked for (default: environment GATUN_CLIENT_TLS_CERT)")
    Path tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            defaultValue = "${env:GATUN_CLIENT_TLS_KEY:-" + Option.NULL_VALUE + "}",
            scope = ScopeType.INHERIT,
            showDefaultValue = Visibility.NEVER,
            description = "its private key, PEM of PKCS #8 (default: environment GATUN_CLIENT_TLS_KEY)")
    Path tlsKey;

    /** @param timeoutS seconds to wait for the beginning of an answer */
    RestClient client(int timeoutS) {
        return tlsCa == null
                ? new RestClient(server, port, timeoutS, authorization(), withoutTls())
                : new RestClient(server, port, timeoutS, authorization(), ClientTls.context(tlsCa, tlsCert, tlsKey));
    }

    private SSLContext withoutTls() {
        if (tlsCert != null || tlsKey != null) {
            throw new ClientException("--tls-cert and --tls-key go with --tls-ca, give it as well");
        }
        return null;
    }

    private String authorization() {
        if (tokenFile == null || !token.isEmpty()) {
            return token;
        }
        try (Stream<String> lines = Files.lines(tokenFile)) {
            return lines.findFirst().orElse("").strip();
        } catch (IOException | UncheckedIOException e) {
            throw new ClientException(
                    "--token-file=" + tokenFile + " cannot be read (" + e + "), give one that can", e);
        }
    }
}
