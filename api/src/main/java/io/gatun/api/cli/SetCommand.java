package io.gatun.api.cli;

import io.gatun.api.model.IoChange;
import io.gatun.api.model.IoPort;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb set: what changes while packets flow. */
@Command(
        name = "set",
        description = "Change something of a Gatun.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class SetCommand {
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

    private static List<IoPort> ports(RestClient client) {
        return client.get(RestClient.GATUN + "/ports", IoPort.All.class).ports();
    }
}
