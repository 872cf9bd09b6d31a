package io.gatun.bench;

import io.gatun.bench.peers.EnvironmentProbe;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry of {@code scripts/bench}. */
@Command(
        name = "bench",
        description = "Measures Gatun, alone and beside its peers.",
        mixinStandardHelpOptions = true,
        version = "gatun-bench",
        subcommands = {
            PacketsCommand.class,
            ForwardCommand.class,
            NdrCommand.class,
            OverloadCommand.class,
            CostCommand.class,
            LatencyCommand.class,
            BulkCommand.class,
            RequestsCommand.class,
            CrrCommand.class,
            RpsCommand.class,
            QueuesCommand.class,
            SyncCommand.class,
            FailoverCommand.class,
            MemoryCommand.class,
            RestartCommand.class,
            ChurnCommand.class,
            FloodCommand.class,
            MicroCommand.class,
            AllCommand.class,
            ReportCommand.class
        },
        exitCodeOnInvalidInput = BenchCommand.BAD_ARGUMENTS,
        footer = {
            "",
            "Exit code 0 when it measured, whatever came out; 1 when it could not; 2 for bad arguments;"
                    + " 3 when it measured and something is worse than --against."
        })
public final class BenchCommand implements Callable<Integer> {
    static final int BAD_ARGUMENTS = 2;

    /** It measured, and Gatun got worse than in the file of {@code --against}. */
    static final int WORSE = 3;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description =
                    "Measures the cases of this file again, as they were, and says what got worse beyond the noise.")
    private Path against;

    @Spec
    private CommandSpec spec;

    private BenchCommand() {}

    /** Runs one verb and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (against == null) {
            throw new ParameterException(spec.commandLine(), "nothing to do, give a case, all, or --against FILE");
        }
        Results before = Output.former(spec, "--against", against);
        List<Suite.Part> parts = before.cases().stream()
                .map(CaseResult::arguments)
                .distinct() // some measure several cases
                .map(each -> new Suite.Part(each, AllCommand.expectedS(each)))
                .toList();
        Suite.Outcome outcome =
                new Suite(parts, Suite.script(Output.home()), System.err).run(EnvironmentProbe.take(Output.home()));
        int code = outcome.results().isPresent()
                ? Output.compare(before, outcome.results().get())
                : 0;
        return AllCommand.complain(outcome, code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("bench: " + failure.getMessage());
                    if (Boolean.getBoolean("gatun.bench.trace")) {
                        failure.printStackTrace(command.getErr());
                    }
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .setUsageHelpAutoWidth(true);
    }
}
