package io.gatun.api.cli;

import io.gatun.api.daemon.Daemon;
import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.HostInterfaces;
import io.gatun.api.daemon.Lifetime;
import io.gatun.api.daemon.Preflight;
import io.gatun.api.daemon.RunOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The daemon. */
@Command(name = "run", description = "Run the load balancer.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Supplier<DataPlane> dataPlane;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
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
            names = "--egr-hooks",
            description = "does nothing: traffic of the node itself is served without (a flag of loxilb)")
    boolean egressHooks;

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
    int agentPriority;

    @Option(
            names = "--conntrack-size",
            paramLabel = "N",
            defaultValue = "" + RunOptions.CONNTRACK_SIZE_DEFAULT,
            description = "connections that the table holds (default: ${DEFAULT-VALUE})")
    int conntrackSize;

    @Option(
            names = "--half-open-max",
            paramLabel = "N",
            defaultValue = "0",
            description = "connections that may wait for the end of their handshake (default: a quarter of"
                    + " --conntrack-size)")
    int halfOpenMax;

    @Option(
            names = "--half-open-per-source",
            paramLabel = "N",
            defaultValue = "0",
            description = "how many of these one source may have, of IPv6 a /64; fewer when there are many"
                    + " (default: 1024)")
    int halfOpenPerSource;

    @Option(
            names = "--vrid",
            paramLabel = "N",
            description = "VRRP decides which node has the VIPs: id of the group of nodes, 1-255" + " (default: "
                    + RunOptions.Vrrp.VRID_DEFAULT + " with --peer, otherwise no VRRP)")
    Integer vrid;

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "" + RunOptions.Vrrp.PRIORITY_DEFAULT,
            description = "VRRP: the node with the highest has the VIPs, 1-254 (default: ${DEFAULT-VALUE})")
    int priority;

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

    @Option(names = "--log-format", paramLabel = "text", defaultValue = "text", description = "text on standard output")
    String logFormat;

    RunCommand(Supplier<DataPlane> dataPlane) {
        this.dataPlane = dataPlane;
    }

    @Override
    public Integer call() {
        RunArguments.checkLogFormat(logFormat);
        RunOptions parsed = new RunOptions(
                interfaces,
                RunArguments.expression("--whitelist", whitelist, interfaces),
                RunArguments.expression("--blacklist", blacklist, interfaces),
                egressHooks,
                RunArguments.io(io),
                access.access(),
                runDir.toAbsolutePath().normalize(),
                stateDir.toAbsolutePath().normalize(),
                RunArguments.snat(snat),
                RunArguments.snatAddress(snatAddress, snat),
                RunArguments.natPorts(natPorts),
                RunArguments.idle(idle),
                RunArguments.agentPriority(agentPriority, idle),
                RunArguments.conntrackSize(conntrackSize),
                RunArguments.halfOpen("--half-open-max", halfOpenMax, conntrackSize),
                RunArguments.halfOpen("--half-open-per-source", halfOpenPerSource, conntrackSize),
                RunArguments.vrrp(vrid, priority, advertInterval, preempt, peers, bfd, takeovers.checks()),
                RunArguments.sync(peers, syncKey));
        boolean byExpression = whitelist != null || blacklist != null;
        RunOptions options = parsed.on(
                byExpression
                        ? HostInterfaces.choose(parsed.whitelist(), parsed.blacklist())
                        : HostInterfaces.choose(interfaces));
        Preflight.checkPrivileges();
        Lifetime lifetime = new Lifetime();
        Daemon daemon = lifetime.start(() -> Daemon.start(options, dataPlane.get(), lifetime::fail));
        spec.commandLine().getOut().println(daemon.readyLine());
        spec.commandLine().getOut().flush();
        lifetime.await();
        return Gatun.EXIT_FAILED;
    }
}
