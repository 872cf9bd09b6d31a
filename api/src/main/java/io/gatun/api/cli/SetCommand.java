package io.gatun.api.cli;

import io.gatun.api.model.ClusterInstance;
import io.gatun.api.model.IoChange;
import io.gatun.api.model.IoPort;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb set: what changes while packets flow. */
@Command(
        name = "set",
        description = "Change something of a Gatun.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class SetCommand {
    private static final String LOG_LEVELS = "trace, debug, info, notice, warning, error, critical, alert, emergency";

    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Command(
            name = "io",
            description = "The packet I/O engine of an interface; connections stay.",
            mixinStandardHelpOptions = true)
    int io(
            @Parameters(paramLabel = "auto|xdp|raw", description = "the engine") String engine,
            @Option(names = "--interface", paramLabel = "NAME", description = "only of this one (default: of all)")
                    String interfaceName) {
        RestClient client = api.client();
        PrintWriter out = spec.commandLine().getOut();
        List<String> names = interfaceName != null
                ? List.of(interfaceName)
                : ports(client).stream().map(IoPort::name).toList();
        for (String name : names) {
            client.post(RestClient.GATUN + "/io", new IoChange(name, engine));
        }
        for (IoPort port : ports(client)) {
            if (names.contains(port.name())) {
                out.println(port.name() + " " + port.engine() + "/" + port.mode() + ": " + port.reason());
            }
        }
        out.flush();
        return Gatun.EXIT_OK;
    }

    @Command(
            name = "log-level",
            aliases = "loglevel",
            description = "How much is logged, from now on.",
            mixinStandardHelpOptions = true)
    int logLevel(@Parameters(paramLabel = "LEVEL", description = LOG_LEVELS) String level) {
        if (!List.of(LOG_LEVELS.split(", ")).contains(level)) {
            throw new ParameterException(spec.commandLine(), "LEVEL=" + level + ", give one of " + LOG_LEVELS);
        }
        return post("/config/params", Map.of("logLevel", level));
    }

    @Command(
            name = "hastate",
            description = "The role of a cluster instance; with VRRP it is a preference.",
            mixinStandardHelpOptions = true)
    int role(
            @Parameters(paramLabel = "STATE", description = "MASTER, BACKUP, FAULT, STOP or NOT_DEFINED") String state,
            @Option(
                            names = "--instance",
                            defaultValue = "llb-inst0",
                            paramLabel = "NAME",
                            description = "cluster instance (default: ${DEFAULT-VALUE})")
                    String instance) {
        return post("/config/cistate", new ClusterInstance(instance, state, null, "0.0.0.0"));
    }

    @Command(
            name = "bfd",
            aliases = "bfd-session",
            description = "Pace of a BFD session.",
            mixinStandardHelpOptions = true)
    int bfd(@Mixin BfdOptions bfd) {
        return post(ConfigKind.BFD.path(), bfd.changed());
    }

    private int post(String path, Object body) {
        spec.commandLine().getOut().println(api.client().post(RestClient.NETLOX + path, body));
        return Gatun.EXIT_OK;
    }

    private static List<IoPort> ports(RestClient client) {
        return client.get(RestClient.GATUN + "/ports", IoPort.All.class).ports();
    }
}
