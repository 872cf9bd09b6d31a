package io.gatun.api.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb create. */
@Command(
        name = "create",
        description = "Create something in a Gatun.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CreateLbCommand.class, CreateEpCommand.class})
final class CreateCommand {
    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Command(
            name = "firewall",
            aliases = {"Firewall", "fw", "firewalls"},
            description = "Allow or drop packets to VIPs before any rule is asked.",
            mixinStandardHelpOptions = true)
    int firewall(
            @Option(
                            names = FirewallRule.OPTION,
                            split = ",",
                            required = true,
                            paramLabel = FirewallRule.LABEL,
                            description = "what it matches: " + FirewallRule.DESCRIPTION)
                    List<String> rule,
            @Option(names = "--allow", description = "let them pass") boolean allow,
            @Option(names = "--drop", description = "drop them") boolean drop,
            @Option(names = "--trap", description = "hand them to the host") boolean trap,
            @Option(names = "--redirect", paramLabel = "PORT", description = "send them out there") String redirect,
            @Option(names = "--record", description = "record them") boolean record,
            @Option(names = "--setmark", paramLabel = "MARK", description = "mark them") long mark) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("allow", allow);
        options.put("drop", drop);
        options.put("trap", trap);
        options.put("redirect", redirect != null);
        options.put("redirectPortName", redirect == null ? "" : redirect);
        options.put("record", record);
        options.put("fwMark", mark);
        options.values().removeIf(value -> value.equals(false) || value.equals("") || value.equals(0L));
        return post(
                ConfigKind.FIREWALL.path(), Map.of("ruleArguments", FirewallRule.read(spec, rule), "opts", options));
    }

    @Command(
            name = "ip",
            aliases = {"ipv4address", "ipv4", "ipaddress"},
            description = "Give an interface an address.",
            mixinStandardHelpOptions = true)
    int address(
            @Parameters(paramLabel = "CIDR", description = "such as 192.168.80.5/24") String address,
            @Parameters(paramLabel = "DEVICE", description = "the interface") String device) {
        return post(ConfigKind.IP.path(), AddressFiles.body(address, device));
    }

    @Command(
            name = "bfd",
            aliases = "bfd-session",
            description = "Watch another node by BFD.",
            mixinStandardHelpOptions = true)
    int bfd(@Mixin BfdOptions bfd) {
        return post(ConfigKind.BFD.path(), bfd.created());
    }

    private int post(String path, Object body) {
        spec.commandLine().getOut().println(api.client().post(RestClient.NETLOX + path, body));
        return Gatun.EXIT_OK;
    }
}
