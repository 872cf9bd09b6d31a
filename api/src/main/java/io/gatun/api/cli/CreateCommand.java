package io.gatun.api.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The verb create. */
@Command(
        name = "create",
        description = "Create something in a Gatun.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CreateLbCommand.class, CreateEpCommand.class})
final class CreateCommand {
    @Mixin
    ApiOptions api;
}
