package io.gatun.ha.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/** Signs messages by a key that all nodes share: HMAC-SHA256 (RFC 2104), its first 16 bytes. For one thread. */
public final class SyncKey {
    /** Bytes of a signature. */
    static final int SIGNATURE_LENGTH = 16;

    /** Fewer bytes could be guessed. */
    private static final int KEY_LENGTH_MIN = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final byte[] full;

    private SyncKey(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
        full = new byte[mac.getMacLength()];
    }

    /**
     * Reads a key file. White space at its end does not count.
     *
     * @throws IllegalArgumentException when it cannot be read, or is too short; the message says why
     */
    public static SyncKey read(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).stripTrailing();
            return of(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalArgumentException("it cannot be read (" + e + ")", e);
        }
    }

    /**
     * A key of at least 16 bytes, for one thread.
     *
     * @throws IllegalArgumentException when it is too short
     */
    public static SyncKey of(byte[] key) {
        if (key.length < KEY_LENGTH_MIN) {
            throw new IllegalArgumentException("it has " + key.length + " bytes, fewer than " + KEY_LENGTH_MIN);
        }
        return new SyncKey(key);
    }

    /** Writes the signature of the first {@code length} bytes behind them. */
    void sign(byte[] message, int length) {
        compute(message, length);
        System.arraycopy(full, 0, message, length, SIGNATURE_LENGTH);
    }

    /** Whether the signature of the first {@code length} bytes stands behind them. */
    boolean isSigned(byte[] message, int length) {
        compute(message, length);
        return MessageDigest.isEqual(
                Arrays.copyOf(full, SIGNATURE_LENGTH), Arrays.copyOfRange(message, length, length + SIGNATURE_LENGTH));
    }

    private void compute(byte[] message, int length) {
        try {
            mac.update(message, 0, length);
            mac.doFinal(full, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
