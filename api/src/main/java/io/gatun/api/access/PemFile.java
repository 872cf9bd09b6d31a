package io.gatun.api.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file in PEM form (RFC 7468), named by the option that gave it. */
public record PemFile(String option, Path path) {
    /** Of key stores that never leave this process. */
    public static final String PASSWORD = "";

    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN (?:[A-Z]+ )+PRIVATE KEY-----");

    /** A key store of a certificate with its issuers and its key, which are checked to belong together. */
    public static KeyStore identity(PemFile certificate, PemFile key) {
        List<Certificate> chain = certificate.certificates();
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey privateKey = key.privateKey(publicKey.getAlgorithm());
        if (!belongTogether(privateKey, publicKey)) {
            throw new AccessFileException(key + " is not the key of " + certificate + ", give the one that is");
        }
        try {
            KeyStore store = empty();
            store.setKeyEntry("gatun", privateKey, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException e) {
            throw new AccessFileException(certificate + " cannot be used (" + e.getMessage() + "), give another", e);
        }
    }

    /** A key store of the certificates of this file, which are trusted. */
    public KeyStore trust() {
        try {
            KeyStore store = empty();
            for (Certificate certificate : certificates()) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new AccessFileException(this + " cannot be used (" + e.getMessage() + "), give another", e);
        }
    }

    @Override
    public String toString() {
        return option + "=" + path;
    }

    private List<Certificate> certificates() {
        byte[] bytes = read().getBytes(StandardCharsets.ISO_8859_1);
        try {
            List<Certificate> found = new ArrayList<>(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            throw new AccessFileException(this + " has a certificate that cannot be read, give PEM files", e);
        }
        throw new AccessFileException(this + " has no certificate in it, give a PEM file");
    }

    private PrivateKey privateKey(String algorithm) {
        String text = read();
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new AccessFileException(
                    OTHER_KEY.matcher(text).find()
                            ? this + " is encrypted or of an older form, convert it by: openssl pkcs8 -topk8 -nodes"
                            : this + " has no private key in it, give a PEM file");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new AccessFileException(
                    this + " cannot be read as a key of " + algorithm + ", which the certificate is for, give that one",
                    e);
        }
    }

    private String read() {
        try {
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AccessFileException(this + " cannot be read (" + e + "), give a file that can", e);
        }
    }

    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] words = "signed to see whether the keys fit".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(words);
            byte[] signature = signer.sign();
            signer.initVerify(publicKey);
            signer.update(words);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, PASSWORD.toCharArray());
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }
}
