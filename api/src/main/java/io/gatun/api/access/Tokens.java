package io.gatun.api.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of a file of lines {@code read TOKEN} and {@code admin TOKEN}; empty lines and those that begin with # are
 * comments. All are compared, by their digests and to the last byte, so that the time an answer takes tells nothing.
 */
public final class Tokens {
    /** What a token is good for. */
    public enum Right {
        NONE,
        READ,
        ADMIN
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final int LENGTH_MIN = 16;
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final Path file;
    private volatile List<Entry> entries;

    private static final class Entry {
        final byte[] digest;
        final Right right;

        Entry(byte[] digest, Right right) {
            this.digest = digest;
            this.right = right;
        }
    }

    private Tokens(Path file) {
        this.file = file;
        this.entries = read(file);
    }

    /**
     * Reads a file.
     *
     * @throws AccessFileException naming the line that cannot be used
     */
    public static Tokens of(Path file) {
        return new Tokens(file);
    }

    public Path file() {
        return file;
    }

    /** Reads the file again; when it cannot be used, those of before stay. */
    public void reload() {
        try {
            entries = read(file);
            LOG.info("{} tokens read again from {}", entries.size(), file);
        } catch (AccessFileException e) {
            LOG.warn("tokens stay as they were: {}", e.getMessage());
        }
    }

    /**
     * The right of who sends this. A token stands alone, as kube-loxilb sends it, or behind the word Bearer. A browser
     * sends it as the password of any name, and may only read by it: other pages can make it send its passwords along.
     *
     * @param authorization the header, or null
     */
    public Right right(String authorization) {
        if (authorization == null) {
            return Right.NONE;
        }
        String text = authorization.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith(BASIC)) {
            Right right = ofToken(password(text.substring(BASIC.length())));
            return right == Right.ADMIN ? Right.READ : right;
        }
        return ofToken(
                lower.startsWith(BEARER) ? text.substring(BEARER.length()).strip() : text);
    }

    private Right ofToken(String token) {
        byte[] digest = digest(token);
        Right right = Right.NONE;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(digest, entry.digest)) {
                right = entry.right;
            }
        }
        return right;
    }

    private static String password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static List<Entry> read(Path file) {
        List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                entries.add(entry(file, number, text.split("\\s+", -1)));
            }
        }
        if (entries.isEmpty()) {
            throw new AccessFileException("--tokens=" + file + " has no token in it, write lines such as: admin TOKEN");
        }
        return entries;
    }

    private static Entry entry(Path file, int number, String[] words) {
        String where = "--tokens=" + file + " line " + number;
        if (words.length != 2 || !(words[0].equals("read") || words[0].equals("admin"))) {
            throw new AccessFileException(where + " is no token, write: read TOKEN, or admin TOKEN");
        }
        if (words[1].length() < LENGTH_MIN) {
            throw new AccessFileException(where + " has a token that can be guessed, write one of at least "
                    + LENGTH_MIN + " characters, such as openssl rand -hex 16 prints");
        }
        return new Entry(digest(words[1]), words[0].equals("admin") ? Right.ADMIN : Right.READ);
    }

    private static List<String> lines(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn(
                        "--tokens={} can be read by everybody on this machine, take that right away (chmod o-r)", file);
            }
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AccessFileException("--tokens=" + file + " cannot be read (" + e + "), give a file that can", e);
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
