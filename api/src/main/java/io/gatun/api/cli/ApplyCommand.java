package io.gatun.api.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatun apply}: what files ask for. All files are read before anything is sent. */
@Command(
        name = "apply",
        description = "Apply the configuration of files that save, loxicmd or a person wrote.",
        footer = {
            "",
            "What is there already counts as applied. One that is refused does not keep the others back; its reason is"
                    + " printed, and the exit code is 1.",
            "",
            "Example of a FILE, several are parted by a line ---:",
            "  kind: Loadbalancer",
            "  spec:",
            "    serviceArguments: {externalIP: 192.168.80.200, port: 80, protocol: tcp, mode: 1}",
            "    endpoints: [{endpointIP: 192.168.80.11, targetPort: 8080, weight: 1}]"
        },
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    private static final int CONFLICT = 409;

    /** Other conflicts are changes that cannot be made to what is there: contract section 3.2. */
    private static final Pattern THERE_ALREADY = Pattern.compile("exists|already");

    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "YAML or JSON with kind and, under spec, the body of its POST")
    Path file;

    @Option(
            names = {"-l", "--lb"},
            paramLabel = "FILE",
            description = "load balancer rules, as save writes them")
    Path rules;

    @Option(names = "--endpoint", paramLabel = "FILE", description = "probed endpoints")
    Path endpoints;

    @Option(names = "--firewall", paramLabel = "FILE", description = "firewall rules")
    Path firewall;

    @Option(names = "--bfd", paramLabel = "FILE", description = "BFD sessions")
    Path bfd;

    @Option(
            names = {"-i", "--ip"},
            paramLabel = "FILE",
            description = "addresses of interfaces, as commands such as: ip addr add 10.0.0.5/24 dev eth0")
    Path commands;

    @Option(names = "--per-intf", paramLabel = "NAME", description = "addresses of this interface, from --config-path")
    String interfaceName;

    @Option(
            names = {"-c", "--config-path"},
            defaultValue = "/etc/loxilb/ipconfig",
            paramLabel = "DIR",
            description = "where save has put the addresses of interfaces (default: ${DEFAULT-VALUE})")
    Path directory;

    @Option(
            names = {"-r", "--ipv4route"},
            description = "of loxicmd: routes are the kernel's, use ip route")
    boolean routes;

    @Override
    public Integer call() {
        if (routes) {
            throw new ParameterException(spec.commandLine(), "--ipv4route: routes are the kernel's, use ip route");
        }
        Map<String, List<ConfigItem>> work = read();
        if (work.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing is named, give --file, --lb, --endpoint, --firewall, --bfd or --ip");
        }
        RestClient client = api.client();
        boolean allApplied = true;
        for (Map.Entry<String, List<ConfigItem>> each : work.entrySet()) {
            boolean applied = apply(client, each.getKey(), each.getValue());
            spec.commandLine()
                    .getOut()
                    .println("Configuration " + (applied ? "applied" : "failed") + " - " + each.getKey());
            allApplied &= applied;
        }
        return allApplied ? Gatun.EXIT_OK : Gatun.EXIT_FAILED;
    }

    /** What each source asks for. */
    private Map<String, List<ConfigItem>> read() {
        Map<String, List<ConfigItem>> work = new LinkedHashMap<>();
        List<String> passedOver = new ArrayList<>();
        if (commands != null) {
            work.put(commands.toString(), AddressFiles.ofCommands(commands, passedOver));
        }
        if (interfaceName != null) {
            work.put(interfaceName, AddressFiles.ofInterface(directory, interfaceName, passedOver));
        }
        passedOver.forEach(
                each -> spec.commandLine().getErr().println("gatun: passed over, only addresses are set: " + each));
        readSaved(work, ConfigKind.LB, rules);
        readSaved(work, ConfigKind.ENDPOINT, endpoints);
        readSaved(work, ConfigKind.FIREWALL, firewall);
        readSaved(work, ConfigKind.BFD, bfd);
        if (file != null) {
            work.put(file.toString(), ConfigItem.read(file));
        }
        return work;
    }

    private static void readSaved(Map<String, List<ConfigItem>> work, ConfigKind kind, Path saved) {
        if (saved != null) {
            work.put(saved.toString(), ConfigItem.readSaved(kind, saved));
        }
    }

    private boolean apply(RestClient client, String source, List<ConfigItem> items) {
        boolean applied = true;
        try (Progress progress = Progress.onTerminal()) {
            int number = 0;
            for (ConfigItem item : items) {
                progress.tick("applying " + source + ", " + ++number + " of " + items.size());
                applied &= apply(client, item);
            }
        }
        return applied;
    }

    private boolean apply(RestClient client, ConfigItem item) {
        try {
            client.post(RestClient.NETLOX + item.kind().path(), item.body());
            return true;
        } catch (ClientException e) {
            if (e.status() == 0) {
                throw e; // nobody answers: nor will they for the next
            }
            boolean thereAlready = e.status() == CONFLICT
                    && THERE_ALREADY.matcher(e.getMessage()).find();
            if (!thereAlready) {
                spec.commandLine().getErr().println("gatun: " + e.getMessage() + ": " + item.body());
            }
            return thereAlready;
        }
    }
}
