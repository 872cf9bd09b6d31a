package io.gatun.api.cli;

import io.gatun.api.daemon.RunOptions.Checks;
import io.gatun.api.daemon.RunOptions.Idle;
import io.gatun.api.daemon.RunOptions.PortRange;
import io.gatun.api.daemon.RunOptions.Snat;
import io.gatun.api.daemon.RunOptions.Sync;
import io.gatun.api.daemon.RunOptions.Vrrp;
import io.gatun.api.daemon.StartException;
import io.gatun.api.log.LogFormat;
import io.gatun.api.log.LogLevel;
import io.gatun.api.model.IpLiteral;
import io.gatun.forwarder.control.IoEngine;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the values of {@code gatun run}; every refusal names option, value and cure. */
final class RunArguments {
    private static final Pattern ADDRESS_PORT = Pattern.compile("(?:\\[([^\\]]*)\\]|([^:]*)):(\\d{1,5})");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,10}");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");
    private static final int NAT_PORT_MIN = 1024;
    private static final int AGENT_PRIORITY_MAX = 99;
    private static final int PORT_MAX = 65_535;
    private static final int CONNTRACK_SIZE_MIN = 1024;
    private static final int CONNTRACK_SIZE_MAX = 1 << 26;

    private static final Pattern ADVERT_INTERVAL = Pattern.compile("(\\d{1,6})(?:\\.(\\d{1,6}))?(ms|s)");
    private static final Pattern BFD_INTERVAL = Pattern.compile("(\\d{1,4})ms");
    private static final int BFD_INTERVAL_MIN_MS = 10;
    static final int VRID_MAX = 255;
    static final int PRIORITY_MAX = 254;
    private static final int ADVERT_INTERVAL_MAX_CS = 4095;
    private static final int FRACTION_DIGITS = 6;
    private static final long MILLION = 1_000_000;

    private RunArguments() {}

    static IoEngine io(String text) {
        for (IoEngine engine : IoEngine.values()) {
            if (engine.text().equals(text)) {
                return engine;
            }
        }
        throw refused("--io", text, "give auto, xdp or raw");
    }

    /** An expression for names of interfaces, which excludes that they are named one by one. */
    static Optional<Pattern> expression(String option, String text, List<String> interfaces) {
        if (text == null) {
            return Optional.empty();
        }
        if (!interfaces.isEmpty()) {
            throw refused(option, text, "leave it out or leave --interface=" + interfaces.getFirst() + " out");
        }
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new StartException(
                    option + "=" + text + " is no regular expression (" + e.getDescription()
                            + "), give one such as eth[01]",
                    e);
        }
    }

    static Snat snat(String text) {
        return switch (text) {
            case "vip" -> Snat.VIP;
            case "node" -> Snat.NODE;
            default -> throw refused("--snat", text, "give vip or node");
        };
    }

    static Idle idle(String text) {
        return switch (text) {
            case "spin" -> Idle.SPIN;
            case "poll" -> Idle.POLL;
            default -> throw refused("--idle", text, "give spin or poll");
        };
    }

    static int agentPriority(int priority, String idle) {
        if (priority < 0 || priority > AGENT_PRIORITY_MAX) {
            throw refused(
                    "--agent-priority", Integer.toString(priority), "give 1-" + AGENT_PRIORITY_MAX + ", or 0 for none");
        }
        if (priority > 0 && idle.equals("spin")) {
            throw refused(
                    "--agent-priority",
                    Integer.toString(priority),
                    "it goes with --idle=poll, an agent that never sleeps would keep all else from its CPU");
        }
        return priority;
    }

    static LogFormat logFormat(String text) {
        return switch (text) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default -> throw refused("--log-format", text, "give text or json");
        };
    }

    static LogLevel logLevel(String text) {
        return LogLevel.of(text)
                .orElseThrow(() -> refused("--log-level", text, "give error, warn, info, debug or trace"));
    }

    /** A whole number, for those who know its bounds better. */
    static int number(String option, String text) {
        return number(option, text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static int number(String option, String text, int min, int max) {
        String cure = min == Integer.MIN_VALUE ? "give a whole number" : "give " + min + "-" + max;
        if (!WHOLE.matcher(text).matches()) {
            throw refused(option, text, cure);
        }
        long number = Long.parseLong(text);
        if (number < min || number > max) {
            throw refused(option, text, cure);
        }
        return (int) number;
    }

    static InetSocketAddress api(String text) {
        Matcher matcher = ADDRESS_PORT.matcher(text);
        if (!matcher.matches()) {
            throw refused("--api", text, "give an address and a port such as 0.0.0.0:11111");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        InetAddress address = IpLiteral.parse(host.equals("localhost") ? "127.0.0.1" : host)
                .orElseThrow(() -> refused("--api", text, "give an IP address before the port, such as 0.0.0.0:11111"));
        int port = Integer.parseInt(matcher.group(3));
        if (port < 1 || port > PORT_MAX) {
            throw refused("--api", text, "give a port from 1 to " + PORT_MAX);
        }
        return new InetSocketAddress(address, port);
    }

    static Optional<InetAddress> snatAddress(String text, String snat) {
        if (text == null) {
            return Optional.empty();
        }
        if (snat.equals("node")) {
            throw refused("--snat-address", text, "leave it out with --snat=node, whose source is the node's own");
        }
        InetAddress address = IpLiteral.parse(text)
                .filter(Inet4Address.class::isInstance)
                .orElseThrow(() -> refused("--snat-address", text, "give an IPv4 address such as 192.168.80.201"));
        return Optional.of(address);
    }

    static Optional<PortRange> natPorts(String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw refused("--nat-ports", text, "give a range such as 10000-29999");
        }
        PortRange range = new PortRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        if (range.min() < NAT_PORT_MIN || range.max() > PORT_MAX || range.min() > range.max()) {
            throw refused("--nat-ports", text, "give a rising range within " + NAT_PORT_MIN + "-" + PORT_MAX);
        }
        return Optional.of(range);
    }

    static int conntrackSize(int size) {
        if (size < CONNTRACK_SIZE_MIN || size > CONNTRACK_SIZE_MAX) {
            throw refused("--conntrack-size", size, "give " + CONNTRACK_SIZE_MIN + "-" + CONNTRACK_SIZE_MAX);
        }
        return size;
    }

    static int halfOpen(String option, int connections, int conntrackSize) {
        if (connections < 0 || connections > conntrackSize) {
            throw refused(option, connections, "give 1-" + conntrackSize + ", which is --conntrack-size");
        }
        return connections;
    }

    /** Nodes that connections are exchanged with. */
    static Sync sync(List<String> peers, Path key) {
        if (key != null && peers.isEmpty()) {
            throw refused("--sync-key", key, "give --peer as well, or leave it out");
        }
        List<InetAddress> addresses = new ArrayList<>();
        int port = 0;
        for (String text : peers) {
            InetSocketAddress peer = peer(text);
            if (port != 0 && port != peer.getPort()) {
                throw refused("--peer", text, "give all peers the same port, which is that of this node too");
            }
            port = peer.getPort();
            addresses.add(peer.getAddress());
        }
        return new Sync(
                addresses,
                port == 0 ? Sync.PORT_DEFAULT : port,
                Optional.ofNullable(key).map(path -> path.toAbsolutePath().normalize()));
    }

    /** ADDR or ADDR:PORT; the port is that of the exchange of connections. */
    private static InetSocketAddress peer(String text) {
        Optional<InetAddress> alone = IpLiteral.parse(text);
        Matcher matcher = ADDRESS_PORT.matcher(text);
        InetAddress address = alone.orElse(null);
        int port = Sync.PORT_DEFAULT;
        if (alone.isEmpty() && matcher.matches()) {
            address = IpLiteral.parse(matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
                    .orElse(null);
            port = Integer.parseInt(matcher.group(3));
        }
        if (address == null
                || address.isMulticastAddress()
                || address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || port < 1
                || port > PORT_MAX) {
            throw refused(
                    "--peer",
                    text,
                    "give the IP address of the other node, and a port if it is not 11112, such as 192.168.80.6");
        }
        return new InetSocketAddress(address, port);
    }

    /** VRRP is on when it has an id or a peer; the other options are checked all the same. */
    static Optional<Vrrp> vrrp(
            Integer vrid,
            int priority,
            String advertInterval,
            boolean preempt,
            List<String> peers,
            String bfd,
            Checks checks) {
        int id = vrid == null ? Vrrp.VRID_DEFAULT : vrid;
        if (id < 1 || id > VRID_MAX) {
            throw refused("--vrid", id, "give 1-" + VRID_MAX);
        }
        if (priority < 1 || priority > PRIORITY_MAX) {
            throw refused("--priority", priority, "give 1-" + PRIORITY_MAX);
        }
        int intervalCs = advertIntervalCs(advertInterval);
        List<InetAddress> addresses =
                peers.stream().map(text -> peer(text).getAddress()).distinct().toList();
        int bfdIntervalMs = bfd == null ? 0 : bfdIntervalMs(bfd, addresses);
        boolean on = vrid != null || !addresses.isEmpty();
        return on
                ? Optional.of(new Vrrp(id, priority, intervalCs, preempt, addresses, bfdIntervalMs, checks))
                : Optional.empty();
    }

    static int advertIntervalCs(String text) {
        Matcher matcher = ADVERT_INTERVAL.matcher(text);
        if (!matcher.matches()) {
            throw refused("--advert-interval", text, "give a time such as 100ms or 1s");
        }
        // In millionths of the unit. BigDecimal would cost the start 50 ms: its class computes powers of ten.
        String fraction = matcher.group(2) == null ? "" : matcher.group(2);
        long millionths = Long.parseLong(matcher.group(1)) * MILLION
                + Long.parseLong(fraction + "0".repeat(FRACTION_DIGITS - fraction.length()));
        long perCentisecond = matcher.group(3).equals("s") ? MILLION / 100 : MILLION * 10;
        if (millionths % perCentisecond != 0
                || millionths < perCentisecond
                || millionths > ADVERT_INTERVAL_MAX_CS * perCentisecond) {
            throw refused("--advert-interval", text, "give whole hundredths of a second from 10ms to 40.95s");
        }
        return (int) (millionths / perCentisecond);
    }

    private static int bfdIntervalMs(String text, List<InetAddress> peers) {
        Matcher matcher = BFD_INTERVAL.matcher(text);
        int ms = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (ms < BFD_INTERVAL_MIN_MS) {
            throw refused("--bfd", text, "give the time between packets from " + BFD_INTERVAL_MIN_MS + "ms to 9999ms");
        }
        if (peers.isEmpty()) {
            throw refused("--bfd", text, "name the other nodes by --peer");
        }
        return ms;
    }

    static StartException refused(String option, Object value, String cure) {
        return new StartException(option + "=" + value + ", " + cure);
    }
}
