package io.gatun.api.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The verb delete. */
@Command(
        name = "delete",
        description = "Delete something from a Gatun.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeleteLbCommand.class, DeleteEpCommand.class})
final class DeleteCommand {
    @Mixin
    ApiOptions api;
}
