package io.gatun.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One file per lab, named by its id. Each fact is appended by one short write(2), which a SIGKILL cannot split, before
 * the thing it speaks of is made.
 */
record RunDirectory(Path path) {
    private static final Duration STILLBORN = Duration.ofMinutes(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Reserves an id that no other lab has. */
    String claim(Owner owner, String name) {
        while (true) {
            String id = HexFormat.of().toHexDigits(RANDOM.nextInt());
            try {
                Files.createDirectories(path);
                Files.writeString(
                        file(id), RunRecord.ownerLine(owner) + RunRecord.nameLine(name), StandardOpenOption.CREATE_NEW);
                return id;
            } catch (FileAlreadyExistsException taken) {
                // by another lab: draw again
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot write to " + path + ", a lab needs it to clean up after itself", e);
            }
        }
    }

    void append(String id, String line) {
        try {
            Files.writeString(file(id), line, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + file(id), e);
        }
    }

    /** Empty when there is no such lab; ids that are no ids are no labs. */
    Optional<RunRecord> read(String id) {
        try {
            return isId(id) ? Optional.of(RunRecord.parse(id, Files.readString(file(id)))) : Optional.empty();
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(id), e);
        }
    }

    List<String> ids() {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(RunDirectory::isId)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + path, e);
        }
    }

    /**
     * Deletes the empty file of a JVM that was killed between reserving its id and its first line; such a lab has made
     * nothing. A file younger than a minute may still get that line.
     *
     * @return whether it was one
     */
    boolean deleteStillborn(String id) {
        try {
            if (Files.size(file(id)) > 0) {
                return false;
            }
            if (Files.getLastModifiedTime(file(id))
                    .toInstant()
                    .isBefore(Instant.now().minus(STILLBORN))) {
                delete(id);
            }
            return true;
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(id), e);
        }
    }

    void delete(String id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file(id), e);
        }
    }

    Path file(String id) {
        return path.resolve(id);
    }

    private static boolean isId(String text) {
        return text.matches("[0-9a-f]{8}");
    }
}
