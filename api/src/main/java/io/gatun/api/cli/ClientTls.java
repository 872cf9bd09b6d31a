package io.gatun.api.cli;

import io.gatun.api.access.AccessFileException;
import io.gatun.api.access.PemFile;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a client verb encrypts by. */
final class ClientTls {
    private ClientTls() {}

    /**
     * Trusts one authority and shows a certificate where it is asked for.
     *
     * @param certificate our own, or null, as {@code key}
     * @throws ClientException naming the file that cannot be used
     */
    static SSLContext context(Path authority, Path certificate, Path key) {
        if ((certificate == null) != (key == null)) {
            throw new ClientException("--tls-cert and --tls-key go together, give both or none");
        }
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(new PemFile("--tls-ca", authority).trust());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(certificate, key), trust.getTrustManagers(), null);
            return context;
        } catch (AccessFileException e) {
            throw new ClientException(e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new ClientException("--tls-ca=" + authority + " cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private static KeyManager[] keys(Path certificate, Path key) throws GeneralSecurityException {
        if (certificate == null) {
            return new KeyManager[0];
        }
        KeyStore identity = PemFile.identity(new PemFile("--tls-cert", certificate), new PemFile("--tls-key", key));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity, PemFile.PASSWORD.toCharArray());
        return keys.getKeyManagers();
    }
}
