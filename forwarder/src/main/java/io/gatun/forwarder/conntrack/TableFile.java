package io.gatun.forwarder.conntrack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The table's file and its seal. The seal is a line of text beside it, written after the file is complete and naming
 * layout, length and boot. A file without its seal is never given to Chronicle: it may be half made, of another
 * version, or of a boot whose memory it does not hold.
 */
final class TableFile {
    static final String FILE_NAME = "connections.map";
    static final String SEAL_NAME = "connections.seal";

    private static final String ASIDE = FILE_NAME + ".aside-";

    private final Path directory;
    private final TableLayout layout;
    private final String bootId;
    private final Path path;
    private final Path seal;

    TableFile(Path directory, TableLayout layout, String bootId) {
        this.directory = directory;
        this.layout = layout;
        this.bootId = bootId;
        path = directory.resolve(FILE_NAME);
        seal = directory.resolve(SEAL_NAME);
    }

    Path path() {
        return path;
    }

    TableLayout layout() {
        return layout;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** Why the file that was there is not used and its new name, or the empty string. */
    String setAsideUnlessUsable() throws IOException {
        if (!exists()) {
            Files.deleteIfExists(seal);
            return "";
        }
        final String found = Files.exists(seal) ? Files.readString(seal).trim() : "no seal";
        final String expected = sealText();
        return found.equals(expected) ? "" : setAside("it has [" + found + "], this version writes [" + expected + "]");
    }

    /** Renames the file, keeping one such file at most, and tells the story. */
    String setAside(String reason) throws IOException {
        // The seal first: a file without a seal is set aside again, a seal without a file means nothing.
        Files.deleteIfExists(seal);
        int number = 1;
        try (DirectoryStream<Path> older = Files.newDirectoryStream(directory, ASIDE + "*")) {
            for (final Path old : older) {
                number = Math.max(number, numberOf(old) + 1);
                Files.delete(old);
            }
        }
        final Path aside = directory.resolve(ASIDE + number);
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        return path + " was set aside as " + aside.getFileName() + " because " + reason;
    }

    private static int numberOf(Path aside) {
        try {
            return Integer.parseInt(aside.getFileName().toString().substring(ASIDE.length()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Refuses to make a file that its file system cannot hold: the pages are taken later, by the packet path. */
    void requireRoom() throws IOException {
        final long needed = layout.lengthBytes();
        final long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < needed) {
            throw new ConnectionTableException("run-dir=" + directory + " has " + (usable >> 20) + " MiB free < "
                    + (needed >> 20) + " MiB for the connection table, make room or give --run-dir another directory");
        }
    }

    /** Seals the file: it is complete. */
    void markUsable() throws IOException {
        final Path fresh = directory.resolve(SEAL_NAME + ".new");
        Files.writeString(fresh, sealText() + System.lineSeparator());
        Files.move(fresh, seal, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String sealText() throws IOException {
        return "layout " + RegionHeader.LAYOUT_VERSION + ", " + layout.regions() + " regions of "
                + layout.bucketsPerRegion() + " buckets, " + layout.wideRegions() + " wide regions of "
                + layout.wideBucketsPerRegion() + " buckets, " + Files.size(path) + " bytes, boot " + bootId;
    }
}
