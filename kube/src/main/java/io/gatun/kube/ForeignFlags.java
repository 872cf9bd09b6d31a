package io.gatun.kube;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** Flags of kube-loxilb for what this controller does not do. Those that switch nothing on are let pass. */
final class ForeignFlags {
    private static final Set<String> OFF = Set.of("", "0", "false");
    private static final String BGP =
            "addresses are announced by ARP and neighbour discovery, not by BGP, leave it out";
    private static final String GATEWAY =
            "the Gateway API is not read, leave it out and use Services of type LoadBalancer";

    @Option(names = "--setBGP", arity = "0..1", fallbackValue = "true", description = "refused")
    String setBgp = "";

    @Option(names = "--listenBGPPort", description = "no effect")
    String listenBgpPort = "";

    @Option(names = "--eBGPMultiHop", arity = "0..1", fallbackValue = "true", description = "refused")
    String eBgpMultiHop = "";

    @Option(names = "--extBGPPeers", description = "refused")
    String extBgpPeers = "";

    @Option(names = "--enableBGPCRDs", arity = "0..1", fallbackValue = "true", description = "refused")
    String bgpCrds = "";

    @Option(names = "--gatewayAPI", arity = "0..1", fallbackValue = "true", description = "refused")
    String gatewayApi = "";

    @Option(names = "--loxilbGatewayClass", description = "refused")
    String gatewayClass = "";

    @Option(names = "--config", description = "refused")
    String config = "";

    @Option(names = "--enableK8sMetadata", arity = "0..1", fallbackValue = "true", description = "no effect")
    String metadata = "";

    @Option(names = "--useExternalEndpoint", arity = "0..1", fallbackValue = "true", description = "no effect")
    String externalEndpoint = "";

    @Option(
            names = {"--v", "-v"},
            description = "no effect")
    String verbosity = "";

    @Option(
            names = {"--log_dir", "--log_file", "--log_file_max_size", "--log_file_max_num"},
            description = "no effect")
    String logFiles = "";

    @Option(
            names = {"--logtostderr", "--alsologtostderr"},
            arity = "0..1",
            fallbackValue = "true",
            description = "no effect")
    String logToStderr = "";

    void check(List<String> problems) {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("--setBGP=" + setBgp, BGP);
        refused.put("--eBGPMultiHop=" + eBgpMultiHop, BGP);
        refused.put("--extBGPPeers=" + extBgpPeers, BGP);
        refused.put("--enableBGPCRDs=" + bgpCrds, BGP);
        refused.put("--gatewayAPI=" + gatewayApi, GATEWAY);
        refused.put("--loxilbGatewayClass=" + gatewayClass, GATEWAY);
        refused.put("--config=" + config, "no file of settings is read, give flags");
        refused.forEach((flag, cure) -> {
            if (!OFF.contains(flag.substring(flag.indexOf('=') + 1))) {
                problems.add(flag + " is not supported: " + cure);
            }
        });
    }

    List<String> withoutEffect() {
        List<String> lines = new ArrayList<>();
        Map<String, String> ignored = new LinkedHashMap<>();
        ignored.put("--listenBGPPort", listenBgpPort);
        ignored.put("--enableK8sMetadata", metadata);
        ignored.put("--useExternalEndpoint", externalEndpoint);
        ignored.put("--v", verbosity);
        ignored.put("--log_*", logFiles);
        ignored.put("--logtostderr", logToStderr);
        ignored.forEach((flag, value) -> {
            if (!OFF.contains(value)) {
                lines.add(flag + "=" + value + " has no effect here"
                        + (flag.startsWith("--v") || flag.startsWith("--log")
                                ? ": the log goes to standard output, --log-level says how much"
                                : ""));
            }
        });
        return lines;
    }
}
