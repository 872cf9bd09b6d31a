package io.gatun.api.cli;

import io.gatun.api.daemon.Assembly;
import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.StartException;
import io.gatun.forwarder.control.RejectedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
        synopsisSubcommandLabel = "COMMAND")
public final class Gatun {
    static final int EXIT_OK = 0;
    static final int EXIT_FAILED = 1;
    static final int EXIT_USAGE = 2;
    /** Of {@code explain}: the packet would be dropped or left to the host. */
    static final int EXIT_NOT_SERVED = 3;

    private static final String RUN = "run";

    /** In the order in which help lists them. */
    private static final List<Supplier<Object>> CLIENTS = List.of(
            GetCommand::new,
            CreateCommand::new,
            DeleteCommand::new,
            SetCommand::new,
            SaveCommand::new,
            ApplyCommand::new,
            StatCommand::new,
            IncidentCommand::new,
            ExplainCommand::new,
            TraceCommand::new,
            CompletionCommand::new,
            ManCommand::new);

    private Gatun() {}

    /** The process. */
    public static void main(String[] arguments) {
        boolean runs = arguments.length > 0 && arguments[0].equals(RUN);
        CommandLine commandLine = runs
                ? runAlone(Assembly.preparedDataPlane(), System.getenv())
                : commandLine(Assembly::dataPlane, System.getenv());
        System.exit(commandLine.execute(arguments));
    }

    /** Only the command that is meant: picocli reads the options of all that there are, and no AOT cache takes it. */
    private static CommandLine runAlone(DataPlane dataPlane, Map<String, String> environment) {
        return finished(new CommandLine(new Gatun())
                .addSubcommand(RunCommand.commandLine(new RunCommand(() -> dataPlane, environment))));
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
        CommandLine commandLine = new CommandLine(new Gatun());
        CLIENTS.forEach(client -> commandLine.addSubcommand(client.get()));
        return finished(commandLine
                .addSubcommand(RunCommand.commandLine(new RunCommand(dataPlane, environment)))
                .addSubcommand(new DetachCommand(dataPlane)));
    }

    private static CommandLine finished(CommandLine commandLine) {
        commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Gatun::badArguments)
                .setExecutionExceptionHandler(Gatun::failed);
        ExitCodes.describe(commandLine);
        return commandLine;
    }

    private static int badArguments(ParameterException e, String[] arguments) {
        String sentence = e instanceof UnmatchedArgumentException unmatched ? unknown(unmatched) : e.getMessage();
        e.getCommandLine().getErr().println("gatun: " + oneLine(sentence));
        return EXIT_USAGE;
    }

    private static String unknown(UnmatchedArgumentException e) {
        String argument = e.getUnmatched().getFirst();
        CommandLine command = e.getCommandLine();
        if (argument.startsWith("-")) {
            return "unknown option " + argument + ", " + didYouMean(e.getSuggestions(), command);
        }
        return UnsupportedNouns.cure(command.getCommandName(), argument)
                .map(cure -> command.getCommandName() + " " + argument + " is not supported: " + cure)
                .orElseGet(() -> "unknown argument " + argument + ", " + didYouMean(e.getSuggestions(), command));
    }

    /** The nearest spellings, or else all commands there are. */
    private static String didYouMean(List<String> suggestions, CommandLine command) {
        if (!suggestions.isEmpty()) {
            return "did you mean " + String.join(" or ", suggestions) + "?";
        }
        Set<String> commands = new TreeSet<>();
        command.getSubcommands().values().forEach(each -> commands.add(each.getCommandName()));
        return commands.isEmpty()
                ? "see " + command.getCommandSpec().qualifiedName() + " --help"
                : "give one of " + String.join(", ", commands);
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
