package io.gatun.api.cli;

import io.gatun.api.daemon.Assembly;
import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.StartException;
import io.gatun.forwarder.control.RejectedException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
        name = "gatun",
        description = "An L4 load balancer in pure Java.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GetCommand.class,
            CreateCommand.class,
            DeleteCommand.class,
            SetCommand.class,
            ExplainCommand.class,
            TraceCommand.class
        })
public final class Gatun {
    static final int EXIT_OK = 0;
    static final int EXIT_FAILED = 1;
    static final int EXIT_USAGE = 2;
    /** Of {@code explain}: the packet would be dropped or left to the host. */
    static final int EXIT_NOT_SERVED = 3;

    private Gatun() {}

    /** The process. */
    public static void main(String[] arguments) {
        int code = commandLine(Assembly::dataPlane).execute(arguments);
        System.exit(code);
    }

    /**
     * The command line, to be executed in this process.
     *
     * @param dataPlane asked for only by the verbs that need one
     */
    public static CommandLine commandLine(Supplier<DataPlane> dataPlane) {
        return commandLine(dataPlane, System.getenv());
    }

    /** The same with another environment. */
    static CommandLine commandLine(Supplier<DataPlane> dataPlane, Map<String, String> environment) {
        return new CommandLine(new Gatun())
                .addSubcommand(RunCommand.commandLine(new RunCommand(dataPlane, environment)))
                .addSubcommand(new DetachCommand(dataPlane))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Gatun::badArguments)
                .setExecutionExceptionHandler(Gatun::failed);
    }

    private static int badArguments(ParameterException e, String[] arguments) {
        String sentence = e.getMessage();
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            String argument = unmatched.getUnmatched().getFirst();
            String kind = argument.startsWith("-") ? "unknown option " : "unknown argument ";
            String cure = suggestions.isEmpty()
                    ? "see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help"
                    : "did you mean " + String.join(" or ", suggestions) + "?";
            sentence = kind + argument + ", " + cure;
        }
        e.getCommandLine().getErr().println("gatun: " + oneLine(sentence));
        return EXIT_USAGE;
    }

    private static int failed(Exception e, CommandLine commandLine, CommandLine.ParseResult parsed) {
        List<String> sentences =
                e instanceof StartException refusal ? refusal.sentences() : List.of(String.valueOf(e.getMessage()));
        sentences.forEach(sentence -> commandLine.getErr().println("gatun: " + oneLine(sentence)));
        return e instanceof StartException || e instanceof RejectedException ? EXIT_USAGE : EXIT_FAILED;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
