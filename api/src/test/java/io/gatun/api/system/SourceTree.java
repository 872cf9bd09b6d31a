package io.gatun.api.system;

import io.gatun.lab.Jars;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A source tree that is built: the scripts as they are, with this JVM's class path where packaging puts it. Tests run
 * before packaging.
 */
final class SourceTree {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path CLASSES = Path.of("api", "target", "classes");
    private static final Path LIB = Path.of("api", "target", "lib");

    private SourceTree() {}

    /** Makes one. @return its {@code scripts/gatun} */
    static Path launcher(Path directory) throws IOException {
        for (String file : List.of(
                "gatun",
                "image",
                "jvm.flags",
                "run.flags",
                "lib/aot.sh",
                "lib/build.sh",
                "lib/jdk.sh",
                "lib/oci.sh",
                "lib/packages.sh")) {
            Path copy = directory.resolve("scripts").resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(ROOT.resolve("scripts").resolve(file), copy);
        }
        Files.createDirectories(directory.resolve(LIB));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            add(directory, Path.of(entry).toAbsolutePath());
        }
        Path launcher = directory.resolve("scripts").resolve("gatun");
        if (!launcher.toFile().setExecutable(true)) {
            throw new IOException(launcher + " cannot be made executable");
        }
        return launcher;
    }

    private static void add(Path directory, Path entry) throws IOException {
        if (entry.endsWith(CLASSES)) {
            Jars.pack(entry, directory.resolve(LIB).resolveSibling("gatun-api-0.jar"));
        } else if (Files.isRegularFile(entry)) {
            link(directory.resolve(LIB).resolve(entry.getFileName()), entry);
        } else if (Files.isDirectory(entry) && entry.endsWith("target/classes")) {
            // A module of the same build that is not packaged yet: MODULE/target/classes.
            String module = entry.getParent().getParent().getFileName().toString();
            Jars.pack(entry, directory.resolve(LIB).resolve("gatun-" + module + "-0.jar"));
        }
    }

    /** A user other than root cannot follow a symbolic link into root's home. */
    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (FileSystemException anotherFileSystem) {
            Files.copy(file, link);
        }
    }
}
