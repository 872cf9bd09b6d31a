package io.gatun.api.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The interfaces of this network namespace. */
public final class HostInterfaces {
    private static final Set<String> LOCAL_PAIR = Set.of("gatun0", "gatun1");

    /** ARPHRD_ETHER of linux/if_arp.h. */
    private static final String TYPE_ETHERNET = "1";

    /** IFF_UP of linux/if.h. */
    private static final int FLAG_UP = 1;

    private HostInterfaces() {}

    /**
     * The interfaces to serve.
     *
     * @param asked their names; empty for that of the default route
     * @throws StartException when one is not there, naming those that are
     */
    public static List<String> choose(List<String> asked) {
        List<String> present = names(Path.of("/proc/net/dev"));
        if (asked.isEmpty()) {
            return List.of(defaultRoute(Path.of("/proc/net/route"), present));
        }
        for (String name : asked) {
            if (!present.contains(name)) {
                throw new StartException(
                        "--interface=" + name + " is not here, give one of " + String.join(", ", present));
            }
        }
        return asked.stream().distinct().toList();
    }

    /**
     * The interfaces to serve, chosen by their names as loxilb does it (contract section 5.5): those in which the
     * whitelist is found, and without a whitelist those in which the blacklist is not. Interfaces that are down or no
     * Ethernet are passed over.
     *
     * @throws StartException when none is left
     */
    public static List<String> choose(Optional<Pattern> whitelist, Optional<Pattern> blacklist) {
        return choose(whitelist, blacklist, names(Path.of("/proc/net/dev")), Path.of("/sys/class/net"));
    }

    /**
     * The same on any machine.
     *
     * @param present the names of all interfaces
     * @param devices in the format of /sys/class/net; an interface that is not in there is taken for one that is fit
     */
    static List<String> choose(
            Optional<Pattern> whitelist, Optional<Pattern> blacklist, List<String> present, Path devices) {
        List<String> fit = present.stream()
                .filter(name -> !name.equals("lo") && !isLocalPair(name) && fit(devices.resolve(name)))
                .toList();
        Predicate<String> wanted = whitelist
                .map(Pattern::asPredicate)
                .orElseGet(
                        () -> blacklist.map(Pattern::asPredicate).orElseThrow().negate());
        List<String> chosen = fit.stream().filter(wanted).toList();
        if (chosen.isEmpty()) {
            String option = whitelist.isPresent() ? "--whitelist=" : "--blacklist=";
            throw new StartException(option + whitelist.or(() -> blacklist).orElseThrow() + " leaves no interface of "
                    + (fit.isEmpty() ? "none that is up" : String.join(", ", fit)) + ", give another expression");
        }
        return chosen;
    }

    /** Whether it is an end of the pair that local traffic goes through. */
    static boolean isLocalPair(String name) {
        return LOCAL_PAIR.contains(name);
    }

    private static boolean fit(Path device) {
        try {
            return Files.readString(device.resolve("type")).strip().equals(TYPE_ETHERNET)
                    && (Integer.decode(Files.readString(device.resolve("flags")).strip()) & FLAG_UP) != 0;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * The interface of the IPv4 default route with the lowest metric.
     *
     * @param routes in the format of /proc/net/route: interface, destination, gateway, flags, reference count, use,
     *     metric, mask, all numbers but the metric in hexadecimal
     */
    static String defaultRoute(Path routes, List<String> present) {
        String best = null;
        long bestMetric = Long.MAX_VALUE;
        try {
            for (String line : Files.readAllLines(routes)) {
                String[] fields = line.strip().split("\\s+", -1);
                boolean defaultRoute =
                        fields.length > 7 && fields[1].equals("00000000") && fields[7].equals("00000000");
                if (defaultRoute && Long.parseLong(fields[6]) < bestMetric) {
                    best = fields[0];
                    bestMetric = Long.parseLong(fields[6]);
                }
            }
        } catch (IOException e) {
            throw new StartException(routes + " cannot be read (" + e + "), give --interface", e);
        }
        if (best == null) {
            throw new StartException(
                    "there is no default route to choose an interface by, give --interface=NAME with one of "
                            + String.join(", ", present));
        }
        return best;
    }

    /**
     * The names of all interfaces. Java's own list leaves out those that have no address.
     *
     * @param devices in the format of /proc/net/dev: two lines of headings, then {@code name: counters}
     */
    static List<String> names(Path devices) {
        try (Stream<String> lines = Files.lines(devices)) {
            return lines.filter(line -> line.contains(":"))
                    .map(line -> line.substring(0, line.indexOf(':')).strip())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new StartException(devices + " cannot be read (" + e + "), gatun runs on Linux with /proc", e);
        }
    }
}
