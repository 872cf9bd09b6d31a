package io.gatun.api.cli;

import io.gatun.api.config.Problems;
import io.gatun.api.config.Setting;
import io.gatun.api.daemon.Concluded;
import io.gatun.api.daemon.Daemon;
import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.HostInterfaces;
import io.gatun.api.daemon.Lifetime;
import io.gatun.api.daemon.Preflight;
import io.gatun.api.daemon.RunOptions;
import io.gatun.api.daemon.StartException;
import io.gatun.api.daemon.Tuning;
import io.gatun.api.log.LogFormat;
import io.gatun.api.log.LogLevel;
import io.gatun.api.log.Logs;
import io.gatun.api.state.SettingsFile;
import io.gatun.forwarder.control.IoEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The daemon. */
@Command(name = "run", description = "Run the load balancer.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Supplier<DataPlane> dataPlane;
    private final Map<String, String> environment;
    private final RunSettings settings;
    private LogFormat format = LogFormat.TEXT;
    /** Settings are read while running: interfaces are what they are, and come and go. */
    private boolean again;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file of settings named as these flags, which count less than the environment"
                    + " (GATUN_ADVERT_INTERVAL and so on) and that less than flags (default: /etc/gatun/gatun.yaml,"
                    + " if there)")
    Path config;

    @Option(
            names = "--check",
            description = "only check the settings, and show those in force and where each comes from")
    boolean check;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            split = ",",
            description = "where VIP traffic arrives; may be given more than once (default: that of the default route)")
    List<String> interfaces = List.of();

    @Option(
            names = "--whitelist",
            paramLabel = "RE",
            description = "instead of --interface: those in whose name the expression is found")
    String whitelist;

    @Option(
            names = "--blacklist",
            paramLabel = "RE",
            description = "instead of --interface: all but those in whose name the expression is found")
    String blacklist;

    @Option(
            names = "--io",
            paramLabel = "auto|xdp|raw",
            defaultValue = "auto",
            description = "packet I/O engine (default: auto)")
    String io;

    @Mixin
    AccessOptions access = new AccessOptions();

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/gatun",
            description = "connection table, counters, sockets (default: ${DEFAULT-VALUE})")
    Path runDir;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "/var/lib/gatun",
            description = "rules and roles (default: ${DEFAULT-VALUE})")
    Path stateDir;

    @Option(
            names = "--snat",
            paramLabel = "vip|node",
            defaultValue = "vip",
            description = "source of one-arm traffic (default: vip, where it is on the link)")
    String snat;

    @Option(
            names = "--snat-address",
            paramLabel = "ADDR",
            description = "a floating address as source instead of the VIP")
    String snatAddress;

    @Option(
            names = "--nat-ports",
            paramLabel = "A-B",
            description = "source ports of one-arm traffic (default: 1024-65535 on a VIP, 10000-29999 on the node)")
    String natPorts;

    @Option(
            names = "--idle",
            paramLabel = "spin|poll",
            defaultValue = "poll",
            description = "what to do when no packet waits (default: poll)")
    String idle;

    @Option(
            names = "--agent-priority",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "real-time priority (SCHED_FIFO, 1-99) of the threads that forward, with --idle poll; for CPUs"
                            + " that they share with NAPI threads; needs CAP_SYS_NICE (default: none)")
    String agentPriority;

    @Option(
            names = "--conntrack-size",
            paramLabel = "N",
            defaultValue = "" + RunOptions.CONNTRACK_SIZE_DEFAULT,
            description = "connections that the table holds (default: ${DEFAULT-VALUE})")
    String conntrackSize;

    @Option(
            names = "--half-open-max",
            paramLabel = "N",
            defaultValue = "0",
            description = "connections that may wait for the end of their handshake (default: a quarter of"
                    + " --conntrack-size, at most 16384)")
    String halfOpenMax;

    @Option(
            names = "--half-open-per-source",
            paramLabel = "N",
            defaultValue = "0",
            description = "how many of these one source may have, of IPv6 a /64; fewer when there are many"
                    + " (default: 1024)")
    String halfOpenPerSource;

    @Option(
            names = "--vrid",
            paramLabel = "N",
            description = "VRRP decides which node has the VIPs: id of the group of nodes, 1-255" + " (default: "
                    + RunOptions.Vrrp.VRID_DEFAULT + " with --peer, otherwise no VRRP)")
    String vrid;

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "" + RunOptions.Vrrp.PRIORITY_DEFAULT,
            description = "VRRP: the node with the highest has the VIPs, 1-254 (default: ${DEFAULT-VALUE})")
    String priority;

    @Option(
            names = "--advert-interval",
            paramLabel = "TIME",
            defaultValue = "100ms",
            description =
                    "VRRP: three missed adverts and a bit are a takeover, 10ms-40.95s (default: ${DEFAULT-VALUE})")
    String advertInterval;

    @Option(
            names = "--preempt",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "VRRP: take over from a living node of lower priority (default: yes)")
    boolean preempt;

    @Option(
            names = "--peer",
            paramLabel = "ADDR[:PORT]",
            split = ",",
            description = "another node: VRRP by unicast with it (default: multicast), and it gets copies of all"
                    + " connections and gives its own; may be given more than once (default port of copies: 11112, the"
                    + " same on all nodes)")
    List<String> peers = List.of();

    @Option(
            names = "--bfd",
            paramLabel = "TIME",
            description =
                    "BFD with each --peer, a packet in each TIME, 10ms-9999ms: three missed ones, and a backup whose"
                            + " master that is takes over without waiting for adverts (default: no BFD)")
    String bfd;

    @Option(
            names = "--sync-key",
            paramLabel = "FILE",
            description = "key of at least 16 bytes that the nodes share, so that nobody else can send connections")
    Path syncKey;

    @Mixin
    TakeoverOptions takeovers = new TakeoverOptions();

    @Mixin
    ProbeDefaults probes = new ProbeDefaults();

    @Mixin
    LoxilbOptions loxilb = new LoxilbOptions();

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "of the log on standard output; json is an object a line (default: ${DEFAULT-VALUE})")
    String logFormat;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "what is logged: error, warn, info, debug or trace (default: info)")
    String logLevel;

    RunCommand(Supplier<DataPlane> dataPlane, Map<String, String> environment) {
        this.dataPlane = dataPlane;
        this.environment = environment;
        this.settings = new RunSettings(environment);
    }

    /** The command line that knows file and environment. */
    static CommandLine commandLine(RunCommand command) {
        CommandLine run = new CommandLine(command);
        LoxilbFlag.addTo(run.getCommandSpec());
        command.settings.install(run);
        return run;
    }

    @Override
    public Integer call() {
        format = logFormat.equals("json") ? LogFormat.JSON : LogFormat.TEXT;
        if (!check) {
            Logs.format(format); // first, for what reading the settings has to say
        }
        Concluded concluded = conclude(RunCommand::changes);
        if (check) {
            new CheckReport(concluded).print(spec.commandLine().getOut());
            return Gatun.EXIT_OK;
        }
        Preflight.checkPrivileges();
        Logs.level(concluded.tuning().logLevel());
        Lifetime lifetime = new Lifetime();
        Daemon daemon =
                lifetime.start(() -> Daemon.start(this::concludeAgain, concluded, dataPlane.get(), lifetime::fail));
        tellReady(daemon.readyLine());
        lifetime.await();
        return Gatun.EXIT_FAILED;
    }

    private void tellReady(String line) {
        if (format == LogFormat.JSON) {
            Logs.tell(Daemon.class, line);
            return;
        }
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    /** The same command line with file and environment as they are now. */
    private Concluded concludeAgain(Map<String, String> changes) {
        RunCommand next = new RunCommand(dataPlane, environment);
        next.again = true;
        commandLine(next).parseArgs(settings.arguments());
        return next.conclude(stateDir -> changes);
    }

    private static Map<String, String> changes(Path stateDir) {
        try {
            return new SettingsFile(stateDir).read();
        } catch (IOException e) {
            throw new StartException("--state-dir=" + stateDir + " cannot be read (" + e + "), give one that can", e);
        }
    }

    /**
     * Puts together what is given everywhere.
     *
     * @param changes those of the API, by the directory where they are kept
     * @throws StartException with all that is wrong
     */
    private Concluded conclude(Function<Path, Map<String, String>> changes) {
        Problems problems = settings.problems(spec.commandLine());
        Path state = stateDir.toAbsolutePath().normalize();
        Map<String, String> changed = problems.check(() -> changes.apply(state), Map.of());
        Map<String, OptionSpec> known = RunSettings.options(spec);
        changed.forEach((name, value) -> {
            if (known.containsKey(name)) { // else one of another version
                known.get(name).setValue(value);
            }
        });
        Concluded concluded =
                new Concluded(options(problems, state), tuning(problems), inForce(changed.keySet()), remarks(problems));
        Problems placed = new Problems();
        problems.sentences().forEach(sentence -> placed.add(place(sentence, changed.keySet(), state)));
        placed.refuse();
        return concluded;
    }

    /** Says also where a value is given, unless that is the command line or the request that is under way. */
    private String place(String sentence, Set<String> changed, Path state) {
        boolean ofApi = changed.stream().anyMatch(name -> sentence.startsWith("--" + name + "="));
        if (ofApi) {
            return again ? sentence : new SettingsFile(state) + ": " + sentence;
        }
        return settings.placed(spec, sentence);
    }

    private RunOptions options(Problems problems, Path state) {
        boolean apiGiven = !settings.origin(spec, spec.findOption("--api")).equals("default");
        List<String> nodes = problems.check(() -> loxilb.peers(peers), List.of());
        int size = problems.check(
                () -> RunArguments.conntrackSize(RunArguments.number("--conntrack-size", conntrackSize)),
                RunOptions.CONNTRACK_SIZE_DEFAULT);
        Optional<Pattern> white =
                problems.check(() -> RunArguments.expression("--whitelist", whitelist, interfaces), Optional.empty());
        Optional<Pattern> black =
                problems.check(() -> RunArguments.expression("--blacklist", blacklist, interfaces), Optional.empty());
        return new RunOptions(
                problems.check(() -> served(white, black), List.of()),
                white,
                black,
                loxilb.egressHooks,
                problems.check(() -> RunArguments.io(io), IoEngine.AUTO),
                problems.check(() -> access.access(loxilb.api(access.api, apiGiven)), null),
                runDir.toAbsolutePath().normalize(),
                state,
                problems.check(() -> RunArguments.snat(snat), RunOptions.Snat.VIP),
                problems.check(() -> RunArguments.snatAddress(snatAddress, snat), Optional.empty()),
                problems.check(() -> RunArguments.natPorts(natPorts), Optional.empty()),
                problems.check(() -> RunArguments.idle(idle), RunOptions.Idle.POLL),
                problems.check(
                        () -> RunArguments.agentPriority(RunArguments.number("--agent-priority", agentPriority), idle),
                        0),
                size,
                problems.check(() -> halfOpen("--half-open-max", halfOpenMax, size), 0),
                problems.check(() -> halfOpen("--half-open-per-source", halfOpenPerSource, size), 0),
                vrrp(problems, nodes),
                problems.check(() -> RunArguments.sync(nodes, syncKey), RunOptions.Sync.NONE));
    }

    private static int halfOpen(String option, String text, int conntrackSize) {
        return RunArguments.halfOpen(option, RunArguments.number(option, text), conntrackSize);
    }

    private Optional<RunOptions.Vrrp> vrrp(Problems problems, List<String> nodes) {
        Optional<RunOptions.Checks> checks = problems.check(() -> Optional.of(takeovers.checks()), Optional.empty());
        Integer id = problems.check(
                () -> vrid == null ? null : RunArguments.number("--vrid", vrid, 1, RunArguments.VRID_MAX), null);
        int points = problems.check(
                () -> RunArguments.number("--priority", priority, 1, RunArguments.PRIORITY_MAX),
                RunOptions.Vrrp.PRIORITY_DEFAULT);
        problems.check(() -> RunArguments.advertIntervalCs(advertInterval), 0);
        return problems.check(
                () -> RunArguments.vrrp(
                        id, points, advertInterval, preempt, nodes, loxilb.bfd(bfd), checks.orElse(null)),
                Optional.empty());
    }

    private List<String> served(Optional<Pattern> white, Optional<Pattern> black) {
        if (again) {
            return interfaces;
        }
        if ((whitelist != null && white.isEmpty()) || (blacklist != null && black.isEmpty())) {
            return List.of(); // refused already, and what it would have chosen nobody knows
        }
        return white.isPresent() || black.isPresent()
                ? HostInterfaces.choose(white, black)
                : HostInterfaces.choose(interfaces);
    }

    private Tuning tuning(Problems problems) {
        problems.check(() -> RunArguments.logFormat(logFormat), LogFormat.TEXT);
        LogLevel level = problems.check(
                () -> {
                    String text = loxilb.logLevel(logLevel);
                    return text == null ? LogLevel.INFO : RunArguments.logLevel(text);
                },
                LogLevel.INFO);
        logLevel = level.text();
        return probes.tuning(level, problems);
    }

    private List<String> remarks(Problems problems) {
        List<String> remarks = new ArrayList<>(problems.check(loxilb::remarks, List.of()));
        remarks.addAll(problems.check(() -> LoxilbFlag.remarks(spec), List.of()));
        return remarks;
    }

    /** @param changed names of those that the API has changed */
    private List<Setting> inForce(Set<String> changed) {
        List<Setting> inForce = new ArrayList<>();
        RunSettings.options(spec).forEach((name, option) -> {
            Object value = option.getValue();
            List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            if (!values.isEmpty()) {
                inForce.add(new Setting(
                        name,
                        values.stream().map(String::valueOf).toList(),
                        changed.contains(name) ? "API" : settings.origin(spec, option)));
            }
        });
        return inForce;
    }
}
