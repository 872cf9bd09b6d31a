package io.gatun.api.cli;

import io.gatun.api.model.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The manual page of a command in the macros of man(7). */
final class ManPage {
    private final CommandSpec spec;
    private final Help help;
    private final StringBuilder text = new StringBuilder();

    ManPage(CommandSpec spec) {
        this.spec = spec;
        this.help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    }

    /** Such as {@code gatun-get-lb.1}. */
    String fileName() {
        return name() + ".1";
    }

    private String name() {
        return spec.qualifiedName("-");
    }

    String text() {
        line(".TH " + name().toUpperCase(Locale.ROOT) + " 1 " + date() + " \"gatun "
                + Version.current().version() + "\" \"Gatun Manual\"");
        section("NAME");
        line(escaped(name()) + " \\- " + escaped(shortDescription()));
        section("SYNOPSIS");
        line(".nh");
        line(escaped(help.synopsis(0).replaceAll("\\s+", " ").strip()));
        line(".hy");
        section("DESCRIPTION");
        for (String paragraph : spec.usageMessage().description()) {
            line(escaped(paragraph));
        }
        aliases();
        arguments("ARGUMENTS", spec.positionalParameters());
        arguments("OPTIONS", visibleOptions());
        commands();
        exitStatus();
        footer();
        seeAlso();
        return text.toString();
    }

    /** Of the build, so that the same sources make the same pages. */
    private static String date() {
        try (InputStream in = Version.class.getResourceAsStream("/io/gatun/api/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("date").substring(0, "2026-01-01".length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String shortDescription() {
        String[] description = spec.usageMessage().description();
        String first = description.length == 0 ? "" : description[0];
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }

    private void aliases() {
        if (spec.aliases().length > 0) {
            line(".PP");
            line(escaped("Other names: " + String.join(", ", spec.aliases()) + "."));
        }
    }

    private List<OptionSpec> visibleOptions() {
        return spec.options().stream().filter(option -> !option.hidden()).toList();
    }

    private void arguments(String title, List<? extends ArgSpec> all) {
        if (all.isEmpty()) {
            return;
        }
        section(title);
        for (ArgSpec each : all) {
            line(".TP");
            line("\\fB" + escaped(heading(each)) + "\\fR");
            line(escaped(String.join(" ", rendered(each))));
        }
    }

    private static String heading(ArgSpec argument) {
        if (argument instanceof PositionalParamSpec) {
            return argument.paramLabel();
        }
        OptionSpec option = (OptionSpec) argument;
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
    }

    private static List<String> rendered(ArgSpec argument) {
        List<String> lines = new ArrayList<>();
        for (String line : argument.description()) {
            lines.add(line.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue())));
        }
        return lines;
    }

    private void commands() {
        List<CommandLine> commands = ManCommand.visible(spec.commandLine());
        if (commands.isEmpty()) {
            return;
        }
        section("COMMANDS");
        for (CommandLine each : commands) {
            line(".TP");
            line("\\fB" + escaped(each.getCommandName()) + "\\fR");
            line(escaped(String.join(" ", each.getCommandSpec().usageMessage().description())));
        }
    }

    private void exitStatus() {
        section("EXIT STATUS");
        spec.usageMessage().exitCodeList().forEach((code, meaning) -> {
            line(".TP");
            line("\\fB" + code + "\\fR");
            line(escaped(meaning));
        });
    }

    /** Lines of a footer that are indented are an example, as they are. */
    private void footer() {
        UsageMessageSpec usage = spec.usageMessage();
        if (usage.footer().length == 0) {
            return;
        }
        section("NOTES");
        boolean first = true;
        boolean example = false;
        for (String footer : usage.footer()) {
            boolean indented = footer.startsWith("  ");
            if (indented != example) {
                line(indented ? ".nf" : ".fi");
                example = indented;
            }
            if (!footer.isEmpty()) {
                line(escaped(footer));
            } else if (!first) {
                line(".PP");
            }
            first = footer.isEmpty() && first;
        }
        if (example) {
            line(".fi");
        }
    }

    private void seeAlso() {
        List<String> pages = new ArrayList<>();
        if (spec.parent() != null) {
            pages.add(spec.parent().qualifiedName("-"));
        }
        ManCommand.visible(spec.commandLine())
                .forEach(each -> pages.add(each.getCommandSpec().qualifiedName("-")));
        section("SEE ALSO");
        line(String.join(
                ", ",
                pages.stream().map(page -> "\\fB" + escaped(page) + "\\fR(1)").toList()));
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** As it is written, also at the beginning of a line. */
    private static String escaped(String plain) {
        String escaped = plain.replace("%%", "%").replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
