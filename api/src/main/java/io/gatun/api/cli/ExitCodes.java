package io.gatun.api.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The exit codes that help and manual pages tell, of every command that has none of its own. */
final class ExitCodes {
    private ExitCodes() {}

    static void describe(CommandLine commandLine) {
        UsageMessageSpec usage = commandLine.getCommandSpec().usageMessage();
        if (usage.exitCodeList().isEmpty()) {
            usage.exitCodeListHeading("Exit codes:%n");
            usage.exitCodeList(codes(commandLine.getCommandName()));
        }
        commandLine.getSubcommands().values().forEach(ExitCodes::describe);
    }

    private static Map<String, String> codes(String command) {
        Map<String, String> codes = new LinkedHashMap<>();
        boolean runs = command.equals("run");
        codes.put("0", runs ? "stopped by a signal" : "done");
        codes.put("1", runs ? "forwarding failed" : "no answer, refused, or not all of it done");
        codes.put("2", "bad arguments, or something that it needs is not there");
        return codes;
    }
}
