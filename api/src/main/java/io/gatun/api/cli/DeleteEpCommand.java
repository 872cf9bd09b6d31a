package io.gatun.api.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatun delete ep}: those of an address that {@code create ep} made, or the one that the options name. */
@Command(
        name = "ep",
        aliases = {"endpoint", "endpoints"},
        description = "Stop probing an endpoint that no rule has.",
        mixinStandardHelpOptions = true)
final class DeleteEpCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @ParentCommand
    DeleteCommand parent;

    @Parameters(paramLabel = "IP", description = "the endpoint")
    String host;

    @Option(names = "--name", defaultValue = "", description = "the name that it was given")
    String name;

    @Option(names = "--probetype", defaultValue = "", description = "how it is probed")
    String type;

    @Option(names = "--probeport", defaultValue = "", paramLabel = "PORT", description = "where it is probed")
    String port;

    @Override
    public Integer call() {
        String path = RestClient.NETLOX + ConfigKind.endpointPath(host, name, type, port);
        spec.commandLine().getOut().println(parent.api.client().delete(path));
        return Gatun.EXIT_OK;
    }
}
