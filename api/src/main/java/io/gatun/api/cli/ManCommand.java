package io.gatun.api.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatun man}: manual pages of all commands, made from what their help is made from. */
@Command(
        name = "man",
        description = "Write the manual pages of all commands to a directory.",
        footer = {"", "Example: gatun man /usr/local/share/man/man1"},
        mixinStandardHelpOptions = true)
final class ManCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "DIRECTORY", description = "where to; is made if it is not there")
    Path directory;

    @Override
    public Integer call() {
        try {
            Files.createDirectories(directory);
            write(spec.root().commandLine());
        } catch (IOException e) {
            throw new ClientException(directory + " cannot be written (" + e + "), give a directory that can", e);
        }
        return Gatun.EXIT_OK;
    }

    private void write(CommandLine command) throws IOException {
        ManPage page = new ManPage(command.getCommandSpec());
        Files.writeString(directory.resolve(page.fileName()), page.text());
        for (CommandLine each : visible(command)) {
            write(each);
        }
    }

    /** Subcommands that help shows, each once, by name. */
    static List<CommandLine> visible(CommandLine command) {
        return command.getSubcommands().values().stream()
                .distinct()
                .filter(each -> !each.getCommandSpec().usageMessage().hidden())
                .sorted(Comparator.comparing(CommandLine::getCommandName))
                .toList();
    }
}
