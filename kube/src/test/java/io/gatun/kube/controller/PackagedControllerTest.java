package io.gatun.kube.controller;

import static io.gatun.kube.KubeObjects.FINALIZER;
import static io.gatun.kube.KubeObjects.node;
import static io.gatun.kube.KubeObjects.service;
import static io.gatun.kube.controller.TestCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Jars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code scripts/gatun controller} as it is packaged: its launcher, its jar, and the libraries that it is given at run
 * time, which are fewer than those of tests.
 */
class PackagedControllerTest {
    private static final Path KUBE = Path.of("").toAbsolutePath();
    private static final Duration START = Duration.ofSeconds(60);
    private static final int SIGTERM_EXIT = 128 + 15;

    @TempDir
    Path directory;

    private final TestCluster cluster = new TestCluster();
    private Process controller;

    @AfterEach
    void end() throws InterruptedException {
        if (controller != null) {
            controller.destroyForcibly().waitFor();
        }
        cluster.close();
    }

    @Test
    void itGivesAServiceItsAddressAndEndsAtSigterm() throws Exception {
        cluster.put(node("w1", "192.168.80.101"));
        cluster.put(service("web").build());
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(kubeconfig, cluster.kubeconfig());
        Path log = directory.resolve("log");
        controller = new ProcessBuilder(
                        launcher().toString(),
                        "controller",
                        "--kubeconfig=" + kubeconfig,
                        "--externalCIDR=192.168.80.200/32",
                        "--loxiURL=http://127.0.0.1:9",
                        "--listen=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await(
                "an address",
                START,
                () -> !controller.isAlive() || cluster.address("web").equals("192.168.80.200"));
        assertTrue(controller.isAlive(), () -> read(log));
        assertEquals(List.of(FINALIZER), cluster.service("web").getMetadata().getFinalizers());
        assertTrue(read(log).contains("in charge as "), () -> read(log));

        controller.destroy();
        assertTrue(controller.waitFor(10, TimeUnit.SECONDS), () -> read(log));
        assertEquals(SIGTERM_EXIT, controller.exitValue(), () -> read(log));
        assertTrue(read(log).contains("no longer in charge"), () -> read(log));
        assertEquals("192.168.80.200", cluster.address("web"));
    }

    /** A source tree that is built, as far as the controller goes. Tests run before jars are made. */
    private Path launcher() throws IOException {
        Path scripts = directory.resolve("tree").resolve("scripts");
        for (String file : List.of("gatun", "lib/jdk.sh", "lib/aot.sh")) {
            Path copy = scripts.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(KUBE.resolveSibling("scripts").resolve(file), copy);
        }
        Path target = directory.resolve("tree").resolve("kube").resolve("target");
        Files.createDirectories(target.resolve("lib"));
        try (Stream<Path> jars = Files.list(KUBE.resolve("target").resolve("lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, target.resolve("lib").resolve(jar.getFileName()));
            }
        }
        Jars.pack(KUBE.resolve("target").resolve("classes"), target.resolve("gatun-kube-0.jar"));
        Path launcher = scripts.resolve("gatun");
        assertTrue(launcher.toFile().setExecutable(true));
        return launcher;
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
