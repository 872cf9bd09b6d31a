package io.gatun.kube;

import java.util.List;
import picocli.CommandLine;

/** What {@code gatun controller} says against its arguments, without a start. */
public final class ControllerArguments {
    private ControllerArguments() {}

    /** One sentence for each mistake. */
    public static List<String> problems(List<String> arguments) {
        ControllerCommand command = new ControllerCommand(options -> {
            throw new IllegalStateException("nothing is to be started");
        });
        CommandLine commandLine = ControllerCommand.commandLine(command);
        return command.problems(commandLine.parseArgs(arguments.toArray(String[]::new)));
    }
}
