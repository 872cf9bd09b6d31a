package io.gatun.api.cli;

import io.gatun.api.daemon.Assembly;
import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.StartException;
import io.gatun.forwarder.control.RejectedException;
import java.util.LinkedHashMap;
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
    private static final String DETACH = "detach";

    /** Client verbs that need no other to be there, in the order in which help lists them. */
    private static final Map<String, Supplier<Object>> CLIENTS = clients();

    private Gatun() {}

    /** The process. */
    public static void main(String[] arguments) {
        String verb = arguments.length > 0 ? arguments[0] : "";
        System.exit(commandLine(verb).execute(arguments));
    }

    /** With only the verb that is meant, where that will do: picocli reads the options of all that there are. */
    private static CommandLine commandLine(String verb) {
        if (verb.equals(RUN)) {
            DataPlane prepared = Assembly.preparedDataPlane();
            return alone(RUN, RunCommand.commandLine(new RunCommand(() -> prepared, System.getenv())));
        }
        if (verb.equals(DETACH)) {
            return alone(DETACH, new DetachCommand(Assembly::dataPlane));
        }
        return CLIENTS.containsKey(verb)
                ? alone(verb, CLIENTS.get(verb).get())
                : commandLine(Assembly::dataPlane, System.getenv());
    }

    private static CommandLine alone(String verb, Object command) {
        return finished(new CommandLine(new Gatun()).addSubcommand(verb, command));
    }

    private static Map<String, Supplier<Object>> clients() {
        Map<String, Supplier<Object>> clients = new LinkedHashMap<>();
        clients.put("get", GetCommand::new);
        clients.put("create", CreateCommand::new);
        clients.put("delete", DeleteCommand::new);
        clients.put("set", SetCommand::new);
        clients.put("save", SaveCommand::new);
        clients.put("apply", ApplyCommand::new);
        clients.put("stat", StatCommand::new);
        clients.put("incident", IncidentCommand::new);
        clients.put("explain", ExplainCommand::new);
        clients.put("trace", TraceCommand::new);
        return clients;
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
        CLIENTS.forEach((verb, client) -> commandLine.addSubcommand(verb, client.get()));
        return finished(commandLine
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new ManCommand())
                .addSubcommand(RUN, RunCommand.commandLine(new RunCommand(dataPlane, environment)))
                .addSubcommand(DETACH, new DetachCommand(dataPlane)));
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
