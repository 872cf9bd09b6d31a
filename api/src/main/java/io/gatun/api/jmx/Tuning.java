package io.gatun.api.jmx;

import ch.qos.logback.classic.Level;
import io.gatun.api.log.Logs;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Settings;
import io.gatun.ha.announce.AnnouncementTimes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** The one way by which a running Gatun is tuned. */
final class Tuning implements TuningMXBean {
    private static final String POLL = "poll";
    private static final String SPIN = "spin";
    private static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    private final Forwarder forwarder;
    private final Consumer<AnnouncementTimes> announcer;
    private final Changes changes = new Changes();
    private volatile AnnouncementTimes announcements = AnnouncementTimes.DEFAULT;

    /** @param announcer follows times of announcements */
    Tuning(Forwarder forwarder, Consumer<AnnouncementTimes> announcer) {
        this.forwarder = forwarder;
        this.announcer = announcer;
    }

    @Override
    public int getBatchSize() {
        return settings().batchSize();
    }

    @Override
    public void setBatchSize(int packets) {
        change("batchSize", getBatchSize(), packets, Settings::withBatchSize);
    }

    @Override
    public String getIdle() {
        return settings().spin() ? SPIN : POLL;
    }

    @Override
    public void setIdle(String idle) {
        change("idle", getIdle(), idle, (settings, text) -> settings.withSpin(spins(text)));
    }

    private static boolean spins(String idle) {
        if (!SPIN.equals(idle) && !POLL.equals(idle)) {
            throw RejectedException.invalid("idle", idle, "give poll or spin");
        }
        return SPIN.equals(idle);
    }

    @Override
    public int getBusyPollBudget() {
        return settings().busyPollBudget();
    }

    @Override
    public void setBusyPollBudget(int packets) {
        change("busyPollBudget", getBusyPollBudget(), packets, Settings::withBusyPollBudget);
    }

    @Override
    public int getIdleSpins() {
        return settings().idleSpins();
    }

    @Override
    public void setIdleSpins(int cycles) {
        change("idleSpins", getIdleSpins(), cycles, Settings::withIdleSpins);
    }

    @Override
    public int getHandshakeTimeoutS() {
        return settings().timeouts().handshakeS();
    }

    @Override
    public void setHandshakeTimeoutS(int seconds) {
        change("handshakeTimeoutS", getHandshakeTimeoutS(), seconds, timeout(Settings.Timeouts::withHandshakeS));
    }

    @Override
    public int getUnansweredTimeoutS() {
        return settings().timeouts().unansweredS();
    }

    @Override
    public void setUnansweredTimeoutS(int seconds) {
        change("unansweredTimeoutS", getUnansweredTimeoutS(), seconds, timeout(Settings.Timeouts::withUnansweredS));
    }

    @Override
    public int getFragmentsTimeoutS() {
        return settings().timeouts().fragmentsS();
    }

    @Override
    public void setFragmentsTimeoutS(int seconds) {
        change("fragmentsTimeoutS", getFragmentsTimeoutS(), seconds, timeout(Settings.Timeouts::withFragmentsS));
    }

    @Override
    public int getPersistenceTimeoutS() {
        return settings().timeouts().persistenceS();
    }

    @Override
    public void setPersistenceTimeoutS(int seconds) {
        change("persistenceTimeoutS", getPersistenceTimeoutS(), seconds, timeout(Settings.Timeouts::withPersistenceS));
    }

    @Override
    public int getOrphanTimeoutS() {
        return settings().timeouts().orphanS();
    }

    @Override
    public void setOrphanTimeoutS(int seconds) {
        change("orphanTimeoutS", getOrphanTimeoutS(), seconds, timeout(Settings.Timeouts::withOrphanS));
    }

    @Override
    public long getFlowEventBytes() {
        return settings().flowEventBytes();
    }

    @Override
    public void setFlowEventBytes(long bytes) {
        change("flowEventBytes", getFlowEventBytes(), bytes, Settings::withFlowEventBytes);
    }

    @Override
    public long[] getAnnouncementBurstMs() {
        return announcements.burstMs().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public void setAnnouncementBurstMs(long[] pointsMs) {
        long[] wanted = pointsMs == null ? new long[0] : pointsMs.clone();
        changes.change("announcementBurstMs", getAnnouncementBurstMs(), wanted, points -> {
            List<Long> burst = Arrays.stream(points).boxed().toList();
            announce(new AnnouncementTimes(burst, announcements.periodMs()));
        });
    }

    @Override
    public long getAnnouncementPeriodMs() {
        return announcements.periodMs();
    }

    @Override
    public void setAnnouncementPeriodMs(long periodMs) {
        changes.change(
                "announcementPeriodMs",
                getAnnouncementPeriodMs(),
                periodMs,
                wanted -> announce(new AnnouncementTimes(announcements.burstMs(), wanted)));
    }

    private void announce(AnnouncementTimes times) {
        announcer.accept(times);
        announcements = times;
    }

    @Override
    public String getLogLevel() {
        return Logs.own().getEffectiveLevel().toString();
    }

    @Override
    public void setLogLevel(String level) {
        String wanted = String.valueOf(level).toUpperCase(Locale.ROOT);
        changes.change("logLevel", getLogLevel(), wanted, text -> {
            if (!LEVELS.contains(text)) {
                throw RejectedException.invalid("logLevel", level, "give one of " + String.join(", ", LEVELS));
            }
            Logs.own().setLevel(Level.toLevel(text));
        });
    }

    @Override
    public List<String> getChanges() {
        return changes.texts();
    }

    @Override
    public String undo() {
        return changes.undo();
    }

    @Override
    public String reset() {
        return changes.reset();
    }

    private Settings settings() {
        return forwarder.settings();
    }

    private <T> void change(String name, T before, T wanted, BiFunction<Settings, T, Settings> with) {
        changes.change(name, before, wanted, value -> forwarder.settings(with.apply(forwarder.settings(), value)));
    }

    private static BiFunction<Settings, Integer, Settings> timeout(
            BiFunction<Settings.Timeouts, Integer, Settings.Timeouts> with) {
        return (settings, seconds) -> settings.withTimeouts(with.apply(settings.timeouts(), seconds));
    }
}
