package io.gatun.api.access;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the API listens, and for whom.
 *
 * @param addresses at least one; port 0 takes a free one
 * @param tls empty for plain HTTP
 * @param tokens file of tokens; empty to let everybody in who reaches the port
 */
public record ApiAccess(
        List<InetSocketAddress> addresses, Optional<TlsFiles> tls, Optional<Path> tokens, ApiLimits limits) {
    public ApiAccess {
        addresses = List.copyOf(addresses);
    }

    /** Plain HTTP for everybody, on one address. */
    public static ApiAccess open(InetSocketAddress address) {
        return new ApiAccess(List.of(address), Optional.empty(), Optional.empty(), ApiLimits.DEFAULT);
    }

    /**
     * PEM files.
     *
     * @param certificate of this server, followed by those of its issuers
     * @param key its private key, PKCS #8 and not encrypted
     * @param clientCa who must have issued a client's certificate; empty to ask clients for none
     */
    public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {}
}
