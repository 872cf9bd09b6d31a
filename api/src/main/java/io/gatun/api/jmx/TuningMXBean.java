package io.gatun.api.jmx;

import java.util.List;

/**
 * What may be changed while packets flow. A value that cannot be is refused in one sentence (IllegalArgumentException) and
 * changes nothing. Changes are in the log, in force at once (for agents that sleep: within 100 ms), and gone after a
 * restart.
 */
public interface TuningMXBean {
    /** Packets that an agent takes in one duty cycle, 1-64. */
    int getBatchSize();

    void setBatchSize(int packets);

    /** {@code poll} or {@code spin}, as {@code --idle}. */
    String getIdle();

    void setIdle(String idle);

    /** Packets of one poll of NAPI by an agent that spins on AF_XDP, 1-64. */
    int getBusyPollBudget();

    void setBusyPollBudget(int packets);

    /** Empty duty cycles before an agent sleeps, 0-1000000. */
    int getIdleSpins();

    void setIdleSpins(int cycles);

    /** Silence after which TCP and SCTP that are not established are forgotten, 1-86400 s. */
    int getHandshakeTimeoutS();

    void setHandshakeTimeoutS(int seconds);

    /** The same of datagrams and echo requests without an answer. */
    int getUnansweredTimeoutS();

    void setUnansweredTimeoutS(int seconds);

    /** The same of datagrams in fragments. */
    int getFragmentsTimeoutS();

    void setFragmentsTimeoutS(int seconds);

    /** The same of the endpoint of a client of a persistent service. */
    int getPersistenceTimeoutS();

    void setPersistenceTimeoutS(int seconds);

    /** The same of connections whose service is unknown. */
    int getOrphanTimeoutS();

    void setOrphanTimeoutS(int seconds);

    /** Bytes from which on the end of a connection is a JFR event; 0 for none. */
    long getFlowEventBytes();

    void setFlowEventBytes(long bytes);

    /** When a VIP is announced after it has become ours: 0 first, then rising, up to 16, milliseconds. */
    long[] getAnnouncementBurstMs();

    void setAnnouncementBurstMs(long[] pointsMs);

    /** Between announcements after those, 1000-300000 ms. */
    long getAnnouncementPeriodMs();

    void setAnnouncementPeriodMs(long periodMs);

    /** {@code ERROR}, {@code WARN}, {@code INFO}, {@code DEBUG} or {@code TRACE}, of Gatun's own log lines. */
    String getLogLevel();

    void setLogLevel(String level);

    /** The last changes that can be undone, oldest first. */
    List<String> getChanges();

    /** Takes the last change back. @return what was done */
    String undo();

    /** Takes all changes back. @return what was done */
    String reset();
}
