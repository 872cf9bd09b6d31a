package io.gatun.api.cli;

import io.gatun.api.config.EnvironmentSettings;
import io.gatun.api.config.FileSettings;
import io.gatun.api.config.Problems;
import io.gatun.api.config.Setting;
import io.gatun.api.config.SettingShape;
import io.gatun.api.config.Spelling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The settings of {@code gatun run} from its file and the environment, which stand in for flags that are not given. They
 * are read when the command line is: picocli asks for defaults before it reads the flags.
 */
final class RunSettings implements IParameterPreprocessor, IDefaultValueProvider {
    static final Path DEFAULT_FILE = Path.of("/etc/gatun/gatun.yaml");

    private static final String CONFIG = "--config";
    private static final Set<String> NO_SETTINGS = Set.of("help", "version", "config", "check");

    private final Map<String, String> environment;
    private Problems problems = new Problems();
    private Map<String, Setting> given = Map.of();
    private List<String> arguments = List.of();

    RunSettings(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Makes {@code gatun run} ask here. */
    void install(CommandLine run) {
        run.getCommandSpec().preprocessor(this);
        // Told by us, with all else that is wrong.
        run.setUnmatchedArgumentsAllowed(true);
    }

    @Override
    public boolean preprocess(Stack<String> stack, CommandSpec run, ArgSpec none, Map<String, Object> info) {
        problems = new Problems();
        arguments = new ArrayList<>(stack).reversed();
        Map<String, SettingShape> known = known(run);
        Map<String, Setting> settings = new HashMap<>();
        file().ifPresent(file -> settings.putAll(FileSettings.read(file, known, problems)));
        settings.putAll(EnvironmentSettings.read(environment, known, problems));
        given = settings;
        run.commandLine().setDefaultValueProvider(this);
        return false;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || isSwitchOfCommandLine(option)) {
            return null;
        }
        Setting setting = given.get(name(option));
        return setting == null ? null : setting.text();
    }

    /** picocli turns a switch over that is on by default: one that is given must not be on already. */
    private boolean isSwitchOfCommandLine(OptionSpec option) {
        if (shape(option) != SettingShape.SWITCH) {
            return false;
        }
        List<String> names = new ArrayList<>(List.of(option.names()));
        names.add("--no-" + name(option));
        return names.stream()
                .anyMatch(name -> arguments.stream()
                        .anyMatch(argument -> argument.equals(name) || argument.startsWith(name + "=")));
    }

    private Optional<Path> file() {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(CONFIG + "=")) {
                return Optional.of(Path.of(arguments.get(i).substring(CONFIG.length() + 1)));
            }
            if (arguments.get(i).equals(CONFIG) && i + 1 < arguments.size()) {
                return Optional.of(Path.of(arguments.get(i + 1)));
            }
        }
        String variable = environment.getOrDefault(EnvironmentSettings.variable("config"), "");
        if (!variable.isEmpty()) {
            return Optional.of(Path.of(variable));
        }
        return Files.exists(DEFAULT_FILE) ? Optional.of(DEFAULT_FILE) : Optional.empty();
    }

    /** The arguments that were read. */
    String[] arguments() {
        return arguments.toArray(String[]::new);
    }

    /** What was wrong with file, environment and the names of flags; to be added to. */
    Problems problems(CommandLine run) {
        Problems all = new Problems();
        problems.sentences().forEach(all::add);
        List<String> flags = run.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .toList();
        for (String argument : run.getUnmatchedArguments()) {
            String flag = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
            String cure = Spelling.nearest(flag, flags)
                    .map(word -> "did you mean " + word + "?")
                    .orElse("see gatun run --help");
            all.add((flag.startsWith("-") ? "unknown option " : "unknown argument ") + argument + ", " + cure);
        }
        return all;
    }

    /** Where the value of an option comes from. */
    String origin(CommandSpec run, OptionSpec option) {
        if (run.commandLine().getParseResult().hasMatchedOption(option)) {
            return "flag";
        }
        Setting setting = given.get(name(option));
        return setting == null ? "default" : setting.origin();
    }

    /** Says also where the option is given, when that is not the command line: {@code gatun.yaml:3: --vrid=0, give 1-255}. */
    String placed(CommandSpec run, String sentence) {
        for (Map.Entry<String, Setting> entry : given.entrySet()) {
            OptionSpec option = run.findOption("--" + entry.getKey());
            if (sentence.startsWith("--" + entry.getKey() + "=")
                    && !run.commandLine().getParseResult().hasMatchedOption(option)) {
                return entry.getValue().origin() + ": " + sentence;
            }
        }
        return sentence;
    }

    /** All settings that there are, in the order of {@code --help}. */
    static Map<String, OptionSpec> options(CommandSpec run) {
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        for (OptionSpec option : run.options()) {
            if (!option.hidden() && !NO_SETTINGS.contains(name(option))) {
                options.put(name(option), option);
            }
        }
        return options;
    }

    private static Map<String, SettingShape> known(CommandSpec run) {
        Map<String, SettingShape> known = new LinkedHashMap<>();
        options(run).forEach((name, option) -> known.put(name, shape(option)));
        known.put("config", SettingShape.ONE); // of the environment, read above
        return known;
    }

    private static SettingShape shape(OptionSpec option) {
        if (option.isMultiValue()) {
            return SettingShape.LIST;
        }
        return option.type() == boolean.class || option.type() == Boolean.class
                ? SettingShape.SWITCH
                : SettingShape.ONE;
    }

    private static String name(OptionSpec option) {
        return option.longestName().substring(2);
    }
}
