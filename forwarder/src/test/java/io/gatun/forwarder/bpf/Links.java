package io.gatun.forwarder.bpf;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Interfaces, namespaces and child processes for tests, by the ip command; names are ours alone. */
final class Links {
    private Links() {}

    static String newName() {
        return "gtb" + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000000, 0x10000000));
    }

    static int ifindex(String name) {
        try {
            return Integer.parseInt(
                    Files.readString(Path.of("/sys/class/net", name, "ifindex")).strip());
        } catch (IOException e) {
            throw new IllegalStateException("no interface " + name, e);
        }
    }

    static void ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ", -1)));
        run(command);
    }

    /** Runs a main class of these tests in a JVM of its own, with this JVM's flags. */
    static String java(List<String> prefix, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " exited with " + process.exitValue() + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(command + " did not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + " was interrupted", e);
        }
    }
}
