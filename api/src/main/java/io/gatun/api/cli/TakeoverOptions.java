package io.gatun.api.cli;

import io.gatun.api.daemon.RunOptions.Checks;
import io.gatun.api.daemon.StartException;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.TimeText;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** Options of {@code gatun run} about taking the VIPs over by VRRP. */
final class TakeoverOptions {
    private static final int HOUR_MS = 3_600_000;
    private static final int PROBE_MAX_MS = 1_000;
    private static final int STALL_LIMIT_MIN_MS = 200;

    @Option(
            names = "--preempt-delay",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "VRRP: how long to obey a living node of lower priority first (default: 0)")
    String preemptDelay = "0";

    @Option(
            names = "--vip-probe",
            paramLabel = "TIME",
            defaultValue = "20ms",
            description =
                    "VRRP: before a takeover because of silence, ask for the VIP and wait so long; who answers has"
                            + " it still; at most one --advert-interval, 0 for no probe (default: ${DEFAULT-VALUE})")
    String vipProbe = "20ms";

    @Option(
            names = "--stall-limit",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "VRRP: give the VIPs up when a thread that forwards or a ring stands still for so long, 0 for"
                    + " never (default: ${DEFAULT-VALUE})")
    String stallLimit = "1s";

    @Option(
            names = "--witness",
            paramLabel = "ADDR|gateway|none",
            defaultValue = "gateway",
            description = "VRRP: a neighbour on the link; while it does not answer, the priority is 30 lower"
                    + " (default: ${DEFAULT-VALUE})")
    String witness = "gateway";

    @Option(
            names = "--traffic-alarm",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "VRRP: warn when no packet was forwarded so long after a takeover, 0 for never"
                    + " (default: ${DEFAULT-VALUE})")
    String trafficAlarm = "10s";

    /** Checks them. */
    Checks checks() {
        return new Checks(
                time("--preempt-delay", preemptDelay, 0, HOUR_MS),
                time("--vip-probe", vipProbe, 1, PROBE_MAX_MS),
                time("--stall-limit", stallLimit, STALL_LIMIT_MIN_MS, HOUR_MS),
                witness.equals("gateway"),
                address(),
                time("--traffic-alarm", trafficAlarm, 1, HOUR_MS));
    }

    private static int time(String option, String text, int minMs, int maxMs) {
        return time(option, text, minMs, maxMs, true);
    }

    /** Milliseconds within bounds, or 0 where that turns the thing off. */
    static int time(String option, String text, int minMs, int maxMs, boolean zero) {
        OptionalLong ms = TimeText.millis(text);
        boolean off = zero && ms.isPresent() && ms.getAsLong() == 0;
        if (ms.isEmpty() || ms.getAsLong() > maxMs || (ms.getAsLong() < minMs && !off)) {
            String none = zero && minMs > 0 ? ", or 0 for none" : "";
            throw new StartException(
                    option + "=" + text + ", give a time from " + minMs + "ms to " + maxMs + "ms" + none);
        }
        return (int) ms.getAsLong();
    }

    private Optional<InetAddress> address() {
        if (witness.equals("gateway") || witness.equals("none")) {
            return Optional.empty();
        }
        return Optional.of(IpLiteral.parse(witness)
                .filter(address ->
                        !address.isMulticastAddress() && !address.isAnyLocalAddress() && !address.isLoopbackAddress())
                .orElseThrow(() -> new StartException(
                        "--witness=" + witness + ", give the IP address of a neighbour on the link, gateway or none")));
    }
}
