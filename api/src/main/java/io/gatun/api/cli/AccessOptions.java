package io.gatun.api.cli;

import io.gatun.api.access.ApiAccess;
import io.gatun.api.access.ApiLimits;
import io.gatun.api.daemon.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the API listens, and for whom. */
final class AccessOptions {
    @Option(
            names = "--api",
            paramLabel = "ADDR:PORT",
            split = ",",
            defaultValue = "0.0.0.0:11111",
            description = "REST address; may be given more than once (default: ${DEFAULT-VALUE})")
    List<String> api;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "certificate of the API, PEM with its issuers; read again when it changes (default: no TLS)")
    Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "its private key, PEM of PKCS #8")
    Path key;

    @Option(
            names = "--tls-client-ca",
            paramLabel = "FILE",
            description = "clients must have a certificate of one of these, PEM")
    Path clientCa;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "lines of 'read TOKEN' or 'admin TOKEN': who asks must send one; read again when it changes"
                    + " (default: everybody may)")
    Path tokens;

    @Option(
            names = "--api-connections",
            paramLabel = "N",
            defaultValue = "1024",
            description = "connections to the API at a time, 1-65535 (default: ${DEFAULT-VALUE})")
    int connections;

    @Option(
            names = "--api-connections-per-source",
            paramLabel = "N",
            defaultValue = "128",
            description = "of these from one source, of IPv6 a /64 (default: ${DEFAULT-VALUE})")
    int connectionsPerSource;

    @Option(
            names = "--api-rate",
            paramLabel = "N",
            defaultValue = "2000",
            description = "requests of one source in a second, 1-1000000 (default: ${DEFAULT-VALUE})")
    int rate;

    private static final int CONNECTIONS_MAX = 65_535;
    private static final int RATE_MAX = 1_000_000;

    /**
     * What was asked for.
     *
     * @param addresses where to listen
     * @throws StartException naming option, value and cure
     */
    ApiAccess access(List<String> addresses) {
        return new ApiAccess(
                addresses.stream().map(RunArguments::api).distinct().toList(),
                tls(),
                Optional.ofNullable(tokens).map(AccessOptions::whole),
                new ApiLimits(
                        within("--api-connections", connections, CONNECTIONS_MAX),
                        within("--api-connections-per-source", connectionsPerSource, CONNECTIONS_MAX),
                        within("--api-rate", rate, RATE_MAX)));
    }

    private Optional<ApiAccess.TlsFiles> tls() {
        if (certificate == null && key == null && clientCa == null) {
            return Optional.empty();
        }
        if (certificate == null) {
            throw new StartException(
                    (key == null ? "--tls-client-ca=" + clientCa : "--tls-key=" + key) + ", give --tls-cert as well");
        }
        if (key == null) {
            throw new StartException("--tls-cert=" + certificate + ", give --tls-key as well");
        }
        return Optional.of(new ApiAccess.TlsFiles(
                whole(certificate), whole(key), Optional.ofNullable(clientCa).map(AccessOptions::whole)));
    }

    private static Path whole(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static int within(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new StartException(option + "=" + value + ", give 1-" + max);
        }
        return value;
    }
}
