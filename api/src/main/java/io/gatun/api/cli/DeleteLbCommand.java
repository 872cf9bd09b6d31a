package io.gatun.api.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatun delete lb}: by VIP and ports, by name, or all. A rule that is not there counts as deleted. */
@Command(
        name = "lb",
        aliases = {"loadbalancer", "loadbalance", "lbrule"},
        description = "Delete load balancer rules.",
        mixinStandardHelpOptions = true)
final class DeleteLbCommand implements Callable<Integer> {
    static final String ANY_HOST = "any";

    private static final String BASE = "/config/loadbalancer";

    @Spec
    CommandSpec spec;

    @ParentCommand
    DeleteCommand parent;

    @Parameters(paramLabel = "IP", arity = "0..1", description = "the VIP")
    String vip;

    @Option(names = "--tcp", split = ",", paramLabel = "PORT", description = "TCP ports")
    List<String> tcp = List.of();

    @Option(names = "--udp", split = ",", paramLabel = "PORT", description = "UDP ports")
    List<String> udp = List.of();

    @Option(names = "--sctp", split = ",", paramLabel = "PORT", description = "SCTP ports")
    List<String> sctp = List.of();

    @Option(names = "--icmp", description = "ICMP")
    boolean icmp;

    @Option(names = "--name", description = "all rules of this name")
    String name;

    @Option(names = "--all", description = "all rules")
    boolean all;

    @Option(names = "--mark", description = "the mark of the rule")
    long mark;

    @Option(names = "--bgp", description = "as the rule was created")
    boolean bgp;

    @Option(names = "--host", defaultValue = ANY_HOST, description = "host name of an HTTP rule")
    String host;

    @Override
    public Integer call() {
        List<String> paths = paths();
        RestClient client = parent.api.client();
        for (String path : paths) {
            spec.commandLine().getOut().println(client.delete(RestClient.NETLOX + path));
        }
        return Gatun.EXIT_OK;
    }

    private List<String> paths() {
        if (all) {
            return List.of(BASE + "/all");
        }
        if (name != null) {
            return List.of(BASE + "/name/" + RestClient.escaped(name));
        }
        List<String> paths = new ArrayList<>();
        addPaths(paths, "tcp", tcp);
        addPaths(paths, "udp", udp);
        addPaths(paths, "sctp", sctp);
        if (icmp && vip != null) {
            paths.add(path(new PortPair(0, 0), "icmp"));
        }
        if (vip == null || paths.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no rule is named, give the VIP and its ports such as --tcp=80, or --name");
        }
        return paths;
    }

    private void addPaths(List<String> paths, String protocol, List<String> ports) {
        if (vip == null) {
            return;
        }
        for (PortPair pair : PortPair.withoutTargets(spec, "--" + protocol, ports)) {
            paths.add(path(pair, protocol));
        }
    }

    private String path(PortPair pair, String protocol) {
        return path(host, vip, pair, protocol, "?bgp=" + bgp + "&block=" + mark);
    }

    static String path(String host, String vip, PortPair pair, String protocol, String query) {
        return BASE + "/hosturl/" + RestClient.escaped(host) + "/externalipaddress/" + RestClient.escaped(vip)
                + "/port/" + pair.port() + "/portmax/" + pair.portMax() + "/protocol/" + protocol + query;
    }
}
