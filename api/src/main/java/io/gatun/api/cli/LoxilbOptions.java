package io.gatun.api.cli;

import static io.gatun.api.cli.RunArguments.refused;

import io.gatun.api.daemon.StartException;
import io.gatun.api.model.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Flags of loxilb's daemon that say in its words what Gatun has other flags for (docs/adr/0028-configuration.md). */
final class LoxilbOptions {
    private static final String NONE = "none";
    private static final long BFD_DEFAULT_MS = 100;
    private static final long BFD_MIN_US = 10_000;
    private static final long BFD_MAX_US = 9_999_000;
    private static final int PORT_DEFAULT = 11_111;

    @Option(
            names = "--egr-hooks",
            description = "of loxilb; does nothing: traffic of the node itself is served without")
    boolean egressHooks;

    @Option(
            names = "--cluster",
            paramLabel = "ADDR,...",
            split = ",",
            description = "of loxilb: nodes, each of which but this one becomes a --peer")
    List<String> cluster = List.of();

    @Option(
            names = "--self",
            paramLabel = "N",
            description = "of loxilb; does nothing: of nodes of one --priority that start together the one with the"
                    + " highest address wins")
    String self;

    @Option(
            names = {"-k", "--ka"},
            paramLabel = "REMOTE:SOURCE[:US]",
            description =
                    "of loxilb: the node REMOTE becomes a --peer, with --bfd of so many microseconds, or of 100ms")
    String ka;

    /** Not settings: GATUN_PORT is what Kubernetes says of a service that is called gatun. */
    @Option(names = "--host", hidden = true, paramLabel = "ADDR", description = "of loxilb: the address of --api")
    String host;

    @Option(names = "--port", hidden = true, paramLabel = "N", description = "of loxilb: the port of --api")
    String port;

    @Option(names = "--loglevel", hidden = true, paramLabel = "LEVEL", description = "of loxilb: --log-level")
    String logLevel;

    /** What {@code --ka} says; the interval is empty when it does not, or says one that cannot be. */
    private record Keepalive(InetAddress remote, InetAddress source, Optional<Long> intervalUs) {}

    /** The nodes of {@code --peer}, {@code --cluster} and {@code --ka}. */
    List<String> peers(List<String> named) {
        Set<String> peers = new LinkedHashSet<>(named);
        for (String text : cluster) {
            if (!text.equals(NONE)) {
                InetAddress node = IpLiteral.parse(text.strip())
                        .orElseThrow(() -> refused(
                                "--cluster",
                                String.join(",", cluster),
                                "give IP addresses of nodes such as 192.168.80.5,192.168.80.6"));
                if (!isOwn(node)) {
                    peers.add(IpLiteral.text(node));
                }
            }
        }
        keepalive().ifPresent(each -> peers.add(IpLiteral.text(each.remote())));
        return new ArrayList<>(peers);
    }

    /** The value of {@code --bfd}, or null. */
    String bfd(String named) {
        if (named != null) {
            return named;
        }
        return keepalive()
                .map(each -> each.intervalUs().map(us -> us / 1_000).orElse(BFD_DEFAULT_MS) + "ms")
                .orElse(null);
    }

    /** The value of {@code --api}. */
    List<String> api(List<String> named, boolean given) {
        if (given || (host == null && port == null)) {
            return named;
        }
        String address = host == null ? "0.0.0.0" : host;
        return List.of(
                (address.contains(":") ? "[" + address + "]" : address) + ":" + (port == null ? PORT_DEFAULT : port));
    }

    /** The value of {@code --log-level}. */
    String logLevel(String named) {
        if (named != null || logLevel == null) {
            return named;
        }
        return switch (logLevel) {
            case "notice" -> "info";
            case "warning" -> "warn";
            case "critical", "alert", "emergency", "fatal" -> "error";
            case "trace", "debug", "info", "error" -> logLevel;
            default -> throw refused("--loglevel", logLevel, "give debug, info, warning or error");
        };
    }

    /** A sentence for each that has no effect, or not the one that loxilb's words say. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (egressHooks) {
            remarks.add(
                    "--egr-hooks has nothing to do: traffic of this node needs no hooks here, it goes through gatun0");
        }
        if (self != null) {
            if (!self.matches("\\d{1,9}")) {
                throw refused("--self", self, "give the number of this node from 0, or leave it out");
            }
            remarks.add("--self has no effect: of nodes of one --priority the one with the highest address wins");
        }
        if (ka != null && ka.chars().filter(c -> c == ':').count() > 1 && bfdIsUsual()) {
            remarks.add("--ka=" + ka + " has an interval that is none of 10000 to 9999000 microseconds: BFD has 100ms");
        }
        return remarks;
    }

    private boolean bfdIsUsual() {
        return keepalive().filter(each -> each.intervalUs().isEmpty()).isPresent();
    }

    private Optional<Keepalive> keepalive() {
        if (ka == null || ka.equals(NONE)) {
            return Optional.empty();
        }
        String[] parts = ka.split(":", -1);
        Optional<InetAddress> remote = ipv4(parts[0]);
        Optional<InetAddress> source = parts.length < 2 ? Optional.empty() : ipv4(parts[1]);
        if (parts.length > 3 || remote.isEmpty() || remote.get().isAnyLocalAddress() || source.isEmpty()) {
            throw refused("--ka", ka, "give REMOTE:SOURCE[:MICROSECONDS] such as 192.168.80.6:192.168.80.5");
        }
        if (!source.get().isAnyLocalAddress() && !isOwn(source.get())) {
            throw refused("--ka", ka, "give an address of this node for SOURCE, or 0.0.0.0");
        }
        return Optional.of(
                new Keepalive(remote.get(), source.get(), parts.length < 3 ? Optional.empty() : us(parts[2])));
    }

    private static Optional<Long> us(String text) {
        return Optional.of(text)
                .filter(digits -> digits.matches("\\d{1,10}"))
                .map(Long::valueOf)
                .filter(us -> us >= BFD_MIN_US && us <= BFD_MAX_US);
    }

    private static Optional<InetAddress> ipv4(String text) {
        return IpLiteral.parse(text).filter(Inet4Address.class::isInstance);
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            throw new StartException("the addresses of this node cannot be read (" + e + ")", e);
        }
    }
}
