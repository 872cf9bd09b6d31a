package io.gatun.api.cli;

import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.HostInterfaces;
import io.gatun.api.daemon.Preflight;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes what a Gatun that died left on interfaces. */
@Command(
        name = "detach",
        description = "Remove the programs that a Gatun that died left on interfaces.",
        mixinStandardHelpOptions = true)
final class DetachCommand implements Callable<Integer> {
    private final Supplier<DataPlane> dataPlane;

    @Spec
    CommandSpec spec;

    @Option(
            names = {"--interface", "-i"},
            paramLabel = "NAME",
            description = "only there; may be given more than once (default: all interfaces)")
    List<String> interfaces = List.of();

    DetachCommand(Supplier<DataPlane> dataPlane) {
        this.dataPlane = dataPlane;
    }

    @Override
    public Integer call() {
        Preflight.checkPrivileges();
        List<String> asked = interfaces.isEmpty() ? interfaces : HostInterfaces.choose(interfaces);
        List<String> detached = dataPlane.get().detach(asked);
        spec.commandLine()
                .getOut()
                .println(detached.isEmpty() ? "nothing to detach" : "detached from " + String.join(", ", detached));
        return Gatun.EXIT_OK;
    }
}
