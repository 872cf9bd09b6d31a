package io.gatun.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry of {@code scripts/bench}. */
@Command(
        name = "bench",
        description = "Measures Gatun, alone and beside its peers.",
        mixinStandardHelpOptions = true,
        version = "gatun-bench",
        subcommands = {
            ForwardCommand.class,
            BulkCommand.class,
            CrrCommand.class,
            QueuesCommand.class,
            SyncCommand.class,
            FailoverCommand.class,
            MicroCommand.class
        },
        exitCodeOnInvalidInput = BenchCommand.BAD_ARGUMENTS,
        footer = {"", "Exit code 0 when it measured, whatever came out; 1 when it could not; 2 for bad arguments."})
public final class BenchCommand {
    static final int BAD_ARGUMENTS = 2;

    private BenchCommand() {}

    /** Runs one verb and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
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
