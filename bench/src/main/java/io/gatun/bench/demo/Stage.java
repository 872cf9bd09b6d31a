package io.gatun.bench.demo;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.PseudoRandomStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The network of the demo: hosts, what runs on them, and a directory for their files that goes with the lab. */
final class Stage implements AutoCloseable {
    static final String VIP = "192.168.80.200";
    static final int FILE_BYTES = 50 << 20;

    private static final Path DIRECTORIES = Path.of("/run/gatun-demo");
    private static final Path NAMESPACES = Path.of("/run/netns");

    private final Lab lab;
    private final Path directory;
    private final Client client;
    private final List<GatunNode> nodes = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private boolean kept;

    private Stage(Lab lab, Path program) throws IOException {
        this.lab = lab;
        Host clientHost = lab.host("client", "192.168.80.10/24");
        client = new Client(clientHost, VIP);
        directory = Files.createDirectories(DIRECTORIES.resolve(lab.id()));
        for (int i = 1; i <= 2; i++) {
            Host host = lab.host("lb" + i, nodeAddress(i) + "/24");
            Path own = Files.createDirectories(directory.resolve(host.name()));
            nodes.add(new GatunNode(program, host, own, nodeAddress(3 - i)));
        }
        for (int i = 1; i <= 3; i++) {
            Host host = lab.host("ep" + i, "192.168.80." + (10 + i) + "/24");
            endpoints.add(new Endpoint(host, directory.resolve(host.name())));
        }
    }

    private static String nodeAddress(int number) {
        return "192.168.80." + (4 + number);
    }

    /**
     * Makes the hosts; nothing runs on them yet.
     *
     * @param program scripts/gatun
     */
    static Stage build(Path program) throws IOException {
        Lab lab = Lab.open("demo");
        try {
            deleteOrphans();
            return new Stage(lab, program);
        } catch (IOException | RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Removes a stage that was kept. */
    static void remove(String id) throws IOException {
        Lab.remove(id);
        deleteOrphans();
    }

    Client client() {
        return client;
    }

    GatunNode node(int number) {
        return nodes.get(number - 1);
    }

    List<GatunNode> nodes() {
        return nodes;
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Names of the endpoints in turn, from the first. */
    List<String> inTurn(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(endpoints.get(i % endpoints.size()).name());
        }
        return names;
    }

    /** Writes the file that the endpoints serve. */
    Path writeFile() throws IOException {
        Path file = path("file");
        try (InputStream bytes = new PseudoRandomStream(FILE_BYTES)) {
            Files.copy(bytes, file);
        }
        return file;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** Leaves everything in place. @return how to use it */
    String keep() {
        lab.keep();
        kept = true;
        return lab.describe();
    }

    String id() {
        return lab.id();
    }

    @Override
    public void close() {
        lab.close();
        if (!kept) {
            delete(directory);
        }
    }

    /** Deletes the directories whose lab is gone, however it went. */
    private static void deleteOrphans() throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(DIRECTORIES)) {
            for (Path each : directories) {
                if (!Files.exists(NAMESPACES.resolve("gatun-" + each.getFileName() + "-client"))) {
                    delete(each);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            // no demo has run since the machine was started
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println(directory + " cannot be deleted, delete it by hand: " + e);
        }
    }
}
