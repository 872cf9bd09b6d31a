package io.gatun.bench.traffic;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** wrk (Debian package wrk) of HTTP requests, a connection for each or connections that are kept. */
public final class Wrk {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([\\d.]+)(ms|s|m)");
    private static final Pattern ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private Wrk() {}

    /**
     * What one run did.
     *
     * @param requests answered with success
     * @param seconds that it took
     * @param errors connections that failed, and answers that were no success
     */
    public record Result(long requests, double seconds, long errors) {
        /** Requests answered in a second. */
        public double perSecond() {
            return requests / seconds;
        }
    }

    /**
     * Asks as fast as can be, with so many connections at a time.
     *
     * @param kept whether a connection carries many requests, else it is closed after the first
     *
     * @throws IllegalStateException when nothing was answered
     */
    public static Result ask(Host host, String url, int connections, int seconds, boolean kept) {
        List<String> command = List.of(
                "wrk",
                "-t",
                "1",
                "-c",
                Integer.toString(connections),
                "-d",
                seconds + "s",
                "-H",
                kept ? "Connection: keep-alive" : "Connection: close",
                url);
        ExecResult ended = host.tryExec(GRACE.plusSeconds(seconds), command);
        return parse(ended.stdout());
    }

    /** Reads what it prints at its end. */
    static Result parse(String text) {
        Matcher total = TOTAL.matcher(text);
        if (!total.find() || Long.parseLong(total.group(1)) == 0) {
            throw new IllegalStateException("wrk got no answers, it printed: " + text.strip());
        }
        double unit = switch (total.group(3)) {
            case "ms" -> 0.001;
            case "m" -> 60;
            default -> 1;
        };
        long refused = sum(STATUS.matcher(text));
        return new Result(
                Long.parseLong(total.group(1)) - refused,
                Double.parseDouble(total.group(2)) * unit,
                refused + sum(ERRORS.matcher(text)));
    }

    private static long sum(Matcher found) {
        long sum = 0;
        if (found.find()) {
            for (int group = 1; group <= found.groupCount(); group++) {
                sum += Long.parseLong(found.group(group));
            }
        }
        return sum;
    }
}
