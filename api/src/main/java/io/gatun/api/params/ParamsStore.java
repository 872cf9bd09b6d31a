package io.gatun.api.params;

import io.gatun.api.bfd.BfdSessions;
import io.gatun.api.log.Logs;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.BfdEntry;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Json;
import io.gatun.api.state.StateFile;
import io.gatun.ha.bfd.BfdPeerSnapshot;
import io.gatun.ha.bfd.BfdState;
import io.gatun.ha.bfd.BfdTimers;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients set beside rules. On disk first, then in force. Changes are made one at a time. */
public final class ParamsStore {
    private static final Logger LOG = LoggerFactory.getLogger(ParamsStore.class);
    /** RFC 5881 section 4. */
    private static final int BFD_PORT = 3784;

    private static final int RETRIES_DEFAULT = 3;
    private static final int RETRIES_MAX = 255;
    private static final long INTERVAL_DEFAULT_US = 100_000;

    private final ReentrantLock changes = new ReentrantLock();
    private final StateFile<Stored> file;
    private final BfdSessions sessions;
    private volatile Stored stored = new Stored("", List.of());

    /**
     * What is in the file.
     *
     * @param logLevel empty when nobody has set one
     */
    private record Stored(String logLevel, List<BfdEntry> bfd) {
        Stored {
            logLevel = Json.orEmpty(logLevel);
            bfd = bfd == null ? List.of() : List.copyOf(bfd);
        }
    }

    /**
     * A store that has read nothing yet.
     *
     * @param stateDir where {@code params.json} is
     */
    public ParamsStore(Path stateDir, BfdSessions sessions) {
        this.file = new StateFile<>(stateDir.resolve("params.json"), bytes -> Json.read(bytes, Stored.class));
        this.sessions = sessions;
    }

    /** Reads the file and puts it in force. To be called once, before any other method. */
    public void load() throws IOException {
        stored = file.read().orElse(stored);
        if (!stored.logLevel().isEmpty()) {
            applyLogLevel();
        }
        for (BfdEntry entry : stored.bfd()) {
            try {
                apply(entry);
            } catch (RuntimeException e) {
                LOG.warn("the interval of BFD with {} is not what was set: {}", entry.remoteIp(), e.getMessage());
            }
        }
    }

    /** How much is logged. */
    public String logLevel() {
        LoxilbLevel inForce = LoxilbLevel.of(Logs.own().getEffectiveLevel());
        return LoxilbLevel.of(stored.logLevel())
                .filter(set -> set.level().equals(inForce.level()))
                .orElse(inForce)
                .text();
    }

    /** What was set, or empty. */
    public String savedLogLevel() {
        return stored.logLevel();
    }

    /** Intervals of BFD that were set. */
    public List<BfdEntry> savedBfd() {
        return stored.bfd();
    }

    /**
     * Logs so much from now on.
     *
     * @throws ApiException 400 when there is no such level
     */
    public void logLevel(String text) {
        checkLogLevel(text);
        changes.lock();
        try {
            save(new Stored(text, stored.bfd()));
            applyLogLevel();
            LOG.info("log level is {}", text);
        } finally {
            changes.unlock();
        }
    }

    /**
     * Sets the intervals of a session.
     *
     * @throws ApiException 400 when they cannot be, 404 when there is no session with this peer
     */
    public void bfd(BfdEntry entry) {
        BfdEntry asked = checkBfd(entry);
        changes.lock();
        try {
            List<BfdEntry> next = new ArrayList<>(stored.bfd());
            next.removeIf(present -> present.remoteIp().equals(asked.remoteIp()));
            next.add(asked);
            save(new Stored(stored.logLevel(), next));
            apply(asked);
            LOG.info("BFD with {}: {} us, {} missed", asked.remoteIp(), asked.interval(), asked.retryCount());
        } finally {
            changes.unlock();
        }
    }

    /** All sessions as clients see them. */
    public List<BfdEntry> sessions() {
        return sessions.all().stream().map(ParamsStore::shown).toList();
    }

    /**
     * Checks a name.
     *
     * @throws ApiException 400 when there is no such level
     */
    public static void checkLogLevel(String text) {
        if (LoxilbLevel.of(Json.orEmpty(text)).isEmpty()) {
            throw ApiException.invalid(
                    "params-args error",
                    "logLevel",
                    text,
                    "give trace, debug, info, notice, warning, error, critical, alert or emergency");
        }
    }

    /**
     * With its defaults filled in.
     *
     * @throws ApiException as {@link #bfd(BfdEntry)}
     */
    public BfdEntry checkBfd(BfdEntry entry) {
        if (!List.of("", "default", "llb-inst0").contains(entry.instance())) {
            throw new ApiException(404, "cluster instance not found: instance=" + entry.instance() + ", give default");
        }
        InetAddress remote = remote(entry.remoteIp());
        if (!entry.sourceIp().isEmpty()
                && IpLiteral.parse(entry.sourceIp())
                        .filter(InetAddress::isAnyLocalAddress)
                        .isEmpty()) {
            throw bad("sourceIp", entry.sourceIp(), "the kernel chooses it here, leave it out");
        }
        if (entry.port() != 0 && entry.port() != BFD_PORT) {
            throw bad("port", entry.port(), "BFD has UDP port " + BFD_PORT + ", leave it out");
        }
        long interval = entry.interval() == 0 ? INTERVAL_DEFAULT_US : entry.interval();
        if (interval < BfdTimers.INTERVAL_MIN_US || interval > BfdTimers.INTERVAL_MAX_US) {
            throw bad("interval", interval, "give 10000 us to 4294967295 us");
        }
        int retries = entry.retryCount() == 0 ? RETRIES_DEFAULT : entry.retryCount();
        if (retries < 1 || retries > RETRIES_MAX) {
            throw bad("retryCount", retries, "give 1-" + RETRIES_MAX);
        }
        if (sessions.all().stream().noneMatch(session -> session.peer().equals(remote))) {
            throw new ApiException(
                    404,
                    "no such bfd session: remoteIp=" + entry.remoteIp()
                            + ", start this node with --bfd and that --peer");
        }
        return new BfdEntry("default", IpLiteral.text(remote), "", BFD_PORT, interval, retries, null);
    }

    /** Puts these in the place of what was set; what is null stays. */
    public void replaceAll(String logLevel, List<BfdEntry> bfd) {
        if (logLevel != null && !logLevel.isEmpty()) {
            checkLogLevel(logLevel);
        }
        List<BfdEntry> checked =
                bfd == null ? stored.bfd() : bfd.stream().map(this::checkBfd).toList();
        changes.lock();
        try {
            save(new Stored(logLevel == null ? stored.logLevel() : logLevel, checked));
            applyLogLevel();
            checked.forEach(this::apply);
        } finally {
            changes.unlock();
        }
    }

    /** The address of a peer. */
    public static InetAddress remote(String text) {
        return IpLiteral.parse(text)
                .orElseThrow(() -> bad("remoteIp", text, "give the address of a peer such as 192.168.80.6"));
    }

    private static ApiException bad(String field, Object value, String cure) {
        return ApiException.invalid("bfd-args error", field, value, cure);
    }

    private static BfdEntry shown(BfdPeerSnapshot session) {
        return new BfdEntry(
                "default",
                IpLiteral.text(session.peer()),
                session.peer() instanceof Inet6Address ? "::" : "0.0.0.0",
                BFD_PORT,
                session.intervalNs() / 1_000,
                session.multiplier(),
                word(session.state()));
    }

    /** loxilb's words. */
    private static String word(BfdState state) {
        return switch (state) {
            case ADMIN_DOWN -> "BFDAdminDown";
            case DOWN -> "BFDDown";
            case INIT -> "BFDInit";
            case UP -> "BFDUp";
        };
    }

    private void apply(BfdEntry entry) {
        sessions.timers(
                remote(entry.remoteIp()), new BfdTimers(entry.interval(), entry.interval(), entry.retryCount()));
    }

    /** Without a level that was set, that of the root counts. */
    private void applyLogLevel() {
        Logs.own()
                .setLevel(LoxilbLevel.of(stored.logLevel())
                        .map(LoxilbLevel::level)
                        .orElse(null));
    }

    private void save(Stored next) {
        try {
            file.write(next);
        } catch (IOException e) {
            LOG.error("params are not saved", e);
            throw new ApiException(
                    500, "state error: params are not saved (" + e + "), make room in the state directory");
        }
        stored = next;
    }
}
