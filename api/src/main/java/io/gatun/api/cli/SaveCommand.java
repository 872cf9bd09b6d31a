package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatun.api.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatun save}: the configuration as files that {@code apply} reads, and loxicmd does. */
@Command(
        name = "save",
        description = "Save the configuration to files, as loxicmd does.",
        footer = {
            "",
            "What was saved before is kept beside it, with .bk at its name. Rules of kube-loxilb are not saved: it brings"
                    + " them itself."
        },
        mixinStandardHelpOptions = true)
final class SaveCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Option(
            names = {"-a", "--all"},
            description = "all of these")
    boolean all;

    @Option(
            names = {"-i", "--ip"},
            description = "addresses of interfaces, to ipconfig/")
    boolean addresses;

    @Option(
            names = {"-l", "--lb"},
            description = "load balancer rules, to lbconfig.txt")
    boolean rules;

    @Option(names = "--endpoint", description = "probed endpoints, to EPconfig.txt")
    boolean endpoints;

    @Option(names = "--firewall", description = "firewall rules, to FWconfig.txt")
    boolean firewall;

    @Option(names = "--bfd", description = "BFD sessions, to BFDconfig.txt")
    boolean bfd;

    @Option(
            names = {"-c", "--config-path"},
            defaultValue = "/etc/loxilb",
            paramLabel = "DIR",
            description = "where (default: ${DEFAULT-VALUE})")
    Path directory;

    @Override
    public Integer call() {
        Set<ConfigKind> kinds = kinds();
        if (kinds.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing is named, give --all, --ip, --lb, --endpoint, --firewall or --bfd");
        }
        RestClient client = api.client();
        for (ConfigKind kind : kinds) {
            JsonNode answer = client.get(RestClient.NETLOX + kind.allPath(), JsonNode.class);
            Path file = directory.resolve(kind.file());
            try {
                Files.createDirectories(directory);
                write(kind, answer, file);
            } catch (IOException e) {
                throw new ClientException(file + " cannot be written (" + e + "), give --config-path=DIR", e);
            }
            spec.commandLine().getOut().println(kind.title() + " Configuration saved in " + file);
        }
        return Gatun.EXIT_OK;
    }

    private Set<ConfigKind> kinds() {
        Set<ConfigKind> kinds = all ? EnumSet.allOf(ConfigKind.class) : EnumSet.noneOf(ConfigKind.class);
        addIf(kinds, addresses, ConfigKind.IP);
        addIf(kinds, rules, ConfigKind.LB);
        addIf(kinds, endpoints, ConfigKind.ENDPOINT);
        addIf(kinds, firewall, ConfigKind.FIREWALL);
        addIf(kinds, bfd, ConfigKind.BFD);
        return kinds;
    }

    private static void addIf(Set<ConfigKind> kinds, boolean asked, ConfigKind kind) {
        if (asked) {
            kinds.add(kind);
        }
    }

    /** Beside what is there, then in its place: who reads sees the one or the other. */
    private static void write(ConfigKind kind, JsonNode answer, Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Path before = file.resolveSibling(file.getFileName() + ".bk");
        delete(fresh);
        if (kind == ConfigKind.IP) {
            Files.createDirectory(fresh);
            AddressFiles.write(fresh, answer);
        } else {
            Files.write(fresh, Json.bytes(saved(kind, answer)));
        }
        if (Files.exists(file)) {
            delete(before);
            Files.move(file, before);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static JsonNode saved(ConfigKind kind, JsonNode answer) {
        ObjectNode file = answer.deepCopy();
        ArrayNode items = file.putArray(kind.list());
        for (JsonNode item : answer.path(kind.list())) {
            if (kind.isSaved(item)) {
                items.add(item);
            }
        }
        return file;
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> found = Files.walk(path)) {
                List<Path> deepestFirst =
                        found.sorted(Comparator.reverseOrder()).toList();
                for (Path each : deepestFirst) {
                    Files.delete(each);
                }
            }
        }
    }
}
