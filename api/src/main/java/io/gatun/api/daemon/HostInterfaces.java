package io.gatun.api.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The interfaces of this network namespace. */
public final class HostInterfaces {
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
