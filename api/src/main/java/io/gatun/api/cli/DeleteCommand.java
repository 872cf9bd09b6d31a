package io.gatun.api.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb delete. */
@Command(
        name = "delete",
        description = "Delete something from a Gatun.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeleteLbCommand.class, DeleteEpCommand.class})
final class DeleteCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "what this file of YAML or JSON has, as apply takes it")
    Path file;

    @Override
    public Integer call() {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "nothing is named, give COMMAND, such as lb, or --file");
        }
        RestClient client = api.client();
        PrintWriter out = spec.commandLine().getOut();
        for (ConfigItem item : ConfigItem.read(file)) {
            out.println(client.delete(RestClient.NETLOX + item.deletePath()));
        }
        return Gatun.EXIT_OK;
    }

    @Command(
            name = "firewall",
            aliases = {"Firewall", "fw", "firewalls"},
            description = "Delete the firewall rule that matches exactly this.",
            mixinStandardHelpOptions = true)
    int firewall(
            @Option(
                            names = FirewallRule.OPTION,
                            split = ",",
                            required = true,
                            paramLabel = FirewallRule.LABEL,
                            description = "what it matches: " + FirewallRule.DESCRIPTION)
                    List<String> rule) {
        return delete(ConfigKind.firewallPath(FirewallRule.read(spec, rule)));
    }

    @Command(
            name = "ip",
            aliases = {"ipv4address", "ipv4", "ipaddress"},
            description = "Take an address from an interface.",
            mixinStandardHelpOptions = true)
    int address(
            @Parameters(paramLabel = "CIDR", description = "such as 192.168.80.5/24") String address,
            @Parameters(paramLabel = "DEVICE", description = "the interface") String device) {
        if (address.indexOf('/') < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "CIDR=" + address + ", give the length of the mask too, such as 192.168.80.5/24");
        }
        return delete(ConfigKind.addressPath(address, device));
    }

    @Command(
            name = "bfd",
            aliases = "bfd-session",
            description = "Stop watching another node by BFD.",
            mixinStandardHelpOptions = true)
    int bfd(
            @Parameters(paramLabel = "REMOTEIP", description = "the other node") String remote,
            @Option(
                            names = "--instance",
                            defaultValue = "default",
                            paramLabel = "NAME",
                            description = "cluster instance (default: ${DEFAULT-VALUE})")
                    String instance) {
        return delete(ConfigKind.bfdPath(remote, instance));
    }

    private int delete(String path) {
        spec.commandLine().getOut().println(api.client().delete(RestClient.NETLOX + path));
        return Gatun.EXIT_OK;
    }
}
