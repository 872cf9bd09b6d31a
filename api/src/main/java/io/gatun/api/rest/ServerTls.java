package io.gatun.api.rest;

import io.gatun.api.access.AccessFileException;
import io.gatun.api.access.ApiAccess.TlsFiles;
import io.gatun.api.access.PemFile;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS 1.2 and 1.3 by files that may change while connections are open: new ones get what the files have then. */
final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final TlsFiles files;
    private final List<SslContextFactory.Server> contexts = new ArrayList<>();
    private Material material;

    /** Trust is null where clients need no certificate. */
    private record Material(KeyStore identity, KeyStore trust) {}

    /**
     * Reads the files.
     *
     * @throws AccessFileException naming the one that cannot be used
     */
    ServerTls(TlsFiles files) {
        this.files = files;
        this.material = read();
    }

    List<Path> paths() {
        List<Path> paths = new ArrayList<>(List.of(files.certificate(), files.key()));
        files.clientCa().ifPresent(paths::add);
        return paths;
    }

    /** What one connector encrypts by. */
    SslContextFactory.Server context() {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        context.setKeyStorePassword(PemFile.PASSWORD);
        context.setKeyManagerPassword(PemFile.PASSWORD);
        put(context);
        contexts.add(context);
        return context;
    }

    /** Reads the files again; when they cannot be used, or do not fit together yet, those of before stay. */
    void reload() {
        try {
            material = read();
            for (SslContextFactory.Server context : contexts) {
                context.reload(changed -> put((SslContextFactory.Server) changed));
            }
            LOG.info("certificate read again from {}", files.certificate());
        } catch (AccessFileException e) {
            LOG.warn("the certificate stays as it was: {}", e.getMessage());
        } catch (Exception e) {
            LOG.warn("the certificate stays as it was", e);
        }
    }

    private void put(SslContextFactory.Server context) {
        context.setKeyStore(material.identity());
        context.setTrustStore(material.trust());
        context.setNeedClientAuth(material.trust() != null);
    }

    private Material read() {
        KeyStore identity =
                PemFile.identity(new PemFile("--tls-cert", files.certificate()), new PemFile("--tls-key", files.key()));
        KeyStore trust = files.clientCa()
                .map(path -> new PemFile("--tls-client-ca", path).trust())
                .orElse(null);
        return new Material(identity, trust);
    }
}
