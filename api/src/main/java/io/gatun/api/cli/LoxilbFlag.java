package io.gatun.api.cli;

import io.gatun.api.daemon.StartException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Flags of loxilb's daemon that mean nothing to Gatun. What asks for something that Gatun does anyway, or for how loxilb
 * does it, is taken and answered with a sentence; what asks for another kind of program is refused.
 */
enum LoxilbFlag {
    BGP(false, "Gatun speaks no BGP, it tells the link of VIPs by ARP and neighbour discovery", "-b --bgp"),
    NO_NLP(false, "interfaces, routes and neighbours are always read from the kernel", "-n --nonlp"),
    PROMETHEUS(false, "metrics need no flag", "-p --prometheus"),
    CPU_PROFILE(true, "profiles are taken by JDK Flight Recorder, as of any Java program", "--cpuprofile"),
    NO_CHECKSUMS(false, "checksums are always corrected", "--disable-csum"),
    PASSIVE_PROBE(false, "how endpoints answer real clients is always watched", "--passive-probe"),
    RSS(false, "each receive queue has a thread of its own already", "--rss-enable"),
    RPC(true, "connections are exchanged with each --peer over UDP", "--rpc"),
    K8S_API(true, "Gatun is told of services by kube-loxilb", "--k8s-api"),
    IPVS(false, "Gatun needs no IPVS and does not mind it", "--ipvs-compat"),
    FALLBACK(false, "what is not for a VIP always goes to the host's own stack", "--fallback"),
    LOCAL_SOCKETS(false, "connections of the node itself go through gatun0", "--localsockpolicy"),
    SOCKET_MAPS(false, "Gatun forwards packets and has no sockets to splice", "--sockmapsupport"),
    CONFIG_PATH(true, "rules come through the API and are kept in --state-dir", "--config-path"),
    CLOUD_BLOCK(true, "Gatun serves flat L2 networks", "--cloudcidrblock"),
    CLOUD_INSTANCE(true, "Gatun serves flat L2 networks", "--cloudinstance"),
    CLOUD(true, "Gatun serves flat L2 networks and asks no cloud to move addresses, leave it out", "--cloud") {
        @Override
        boolean refuses(String value) {
            return !value.equals("on-prem") && !value.equals("none");
        }
    },
    BGP_ONLY(false, "Gatun is no BGP daemon, run one such as BIRD instead", "-r") {
        @Override
        boolean refuses(String value) {
            return true;
        }
    },
    PROXY_ONLY(false, "Gatun is no proxy, leave it out", "--proxyonlymode") {
        @Override
        boolean refuses(String value) {
            return true;
        }
    };

    private final boolean hasValue;
    private final String sentence;
    /** Of one meaning, with blanks between them. */
    private final String names;

    LoxilbFlag(boolean hasValue, String sentence, String names) {
        this.hasValue = hasValue;
        this.sentence = sentence;
        this.names = names;
    }

    boolean refuses(String value) {
        return false;
    }

    /** Makes a command line take them; {@code --help} does not show them. */
    static void addTo(CommandSpec run) {
        for (LoxilbFlag flag : values()) {
            run.addOption(OptionSpec.builder(flag.names.split(" ", -1))
                    .hidden(true)
                    .description(flag.sentence)
                    .arity(flag.hasValue ? "1" : "0")
                    .type(flag.hasValue ? String.class : boolean.class)
                    .build());
        }
    }

    /**
     * A sentence for each that is given and has no effect.
     *
     * @throws StartException with a sentence for each that is refused
     */
    static List<String> remarks(CommandSpec run) {
        List<String> remarks = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (LoxilbFlag flag : values()) {
            String name = flag.names.substring(flag.names.lastIndexOf(' ') + 1);
            if (run.commandLine().getParseResult().hasMatchedOption(name)) {
                Object given = run.findOption(name).getValue();
                String value = String.valueOf(given);
                if (flag.refuses(value)) {
                    refusals.add(name + (flag.hasValue ? "=" + value : "") + ", " + flag.sentence);
                } else {
                    remarks.add(name + " has no effect: " + flag.sentence);
                }
            }
        }
        if (!refusals.isEmpty()) {
            throw new StartException(refusals);
        }
        return remarks;
    }
}
