package io.gatun.api.cli;

import io.gatun.api.model.EndpointEntry;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatun create ep}: an endpoint to be probed, or the pace at which one of a rule is. */
@Command(
        name = "ep",
        aliases = {"endpoint", "endpoints"},
        description = "Probe an endpoint.",
        mixinStandardHelpOptions = true)
final class CreateEpCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @ParentCommand
    CreateCommand parent;

    @Parameters(paramLabel = "IP", description = "the endpoint")
    String host;

    @Option(names = "--name", defaultValue = "", description = "how it is shown")
    String name;

    @Mixin
    ProbeOptions probe;

    @Override
    public Integer call() {
        EndpointEntry entry = new EndpointEntry(
                host,
                name,
                probe.retries,
                probe.type.isEmpty() ? "ping" : probe.type,
                probe.request,
                probe.response,
                probe.periodS,
                probe.port,
                probe.intervalMs,
                probe.timeoutMs,
                probe.rise);
        spec.commandLine().getOut().println(parent.api.client().post(RestClient.NETLOX + "/config/endpoint", entry));
        return Gatun.EXIT_OK;
    }
}
