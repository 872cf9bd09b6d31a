package io.gatun.api.jmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Api;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.control.Settings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The beans through the platform's MBean server. */
class TuningTest {
    @TempDir
    Path directory;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private Api api;
    private TuningMXBean tuning;
    private StatisticsMXBean statistics;

    @BeforeEach
    void start() throws Exception {
        api = Api.start(directory);
        tuning = JMX.newMXBeanProxy(server, new ObjectName(MBeans.TUNING), TuningMXBean.class);
        statistics = JMX.newMXBeanProxy(server, new ObjectName(MBeans.STATISTICS), StatisticsMXBean.class);
    }

    @AfterEach
    void stop() throws Exception {
        tuning.reset();
        api.close();
        assertFalse(server.isRegistered(new ObjectName(MBeans.TUNING)));
    }

    @Test
    void eachSettingReachesTheForwarder() {
        tuning.setBatchSize(16);
        tuning.setIdle("spin");
        tuning.setBusyPollBudget(32);
        tuning.setIdleSpins(1_000);
        tuning.setHandshakeTimeoutS(20);
        tuning.setUnansweredTimeoutS(6);
        tuning.setFragmentsTimeoutS(3);
        tuning.setPersistenceTimeoutS(600);
        tuning.setOrphanTimeoutS(60);
        tuning.setFlowEventBytes(5_000);
        Settings.Timeouts timeouts = new Settings.Timeouts(20, 6, 3, 600, 60);
        assertEquals(new Settings(16, true, 32, 1_000, timeouts, 5_000), settings());
        assertEquals(16, tuning.getBatchSize());
        assertEquals("spin", tuning.getIdle());
        assertEquals(60, tuning.getOrphanTimeoutS());
        assertEquals(10, tuning.getChanges().size());
    }

    @Test
    void oneOperationTakesTheLastChangeBackAndOneAll() {
        assertEquals("there is nothing to undo", tuning.undo());
        assertEquals("there is nothing to reset", tuning.reset());
        tuning.setBatchSize(16);
        tuning.setBatchSize(8);
        tuning.setIdleSpins(5);
        tuning.setIdleSpins(5);
        assertEquals(List.of("batchSize 64 -> 16", "batchSize 16 -> 8", "idleSpins 10 -> 5"), tuning.getChanges());

        assertEquals("undone: idleSpins 10 -> 5", tuning.undo());
        assertEquals("undone: batchSize 16 -> 8", tuning.undo());
        assertEquals(Settings.DEFAULT.withBatchSize(16), settings());
        tuning.setIdle("spin");
        assertEquals("reset: batchSize is 64 again, idle is poll again", tuning.reset());
        assertEquals(Settings.DEFAULT, settings());
        assertEquals(List.of(), tuning.getChanges());
    }

    @Test
    void allIsTakenBackThoughThereWereManyChanges() {
        for (int i = 1; i <= Changes.KEPT + 2; i++) {
            tuning.setIdleSpins(100 + i);
        }
        assertEquals(Changes.KEPT, tuning.getChanges().size());
        tuning.reset();
        assertEquals(Settings.DEFAULT, settings());
    }

    @Test
    void whatCannotBeIsRefusedInASentenceAndChangesNothing() {
        assertEquals("batchSize=65, give 1-64", refusal(() -> tuning.setBatchSize(65)));
        assertEquals("idle=sleep, give poll or spin", refusal(() -> tuning.setIdle("sleep")));
        assertEquals("handshakeTimeoutS=0, give 1-86400", refusal(() -> tuning.setHandshakeTimeoutS(0)));
        assertEquals(
                "announcementBurstMs=[5], give 0 and up to 15 more, rising to at most 60000",
                refusal(() -> tuning.setAnnouncementBurstMs(new long[] {5})));
        assertEquals("announcementPeriodMs=5, give 1000-300000", refusal(() -> tuning.setAnnouncementPeriodMs(5)));
        assertEquals(
                "logLevel=loud, give one of ERROR, WARN, INFO, DEBUG, TRACE",
                refusal(() -> tuning.setLogLevel("loud")));
        api.forwarder().reject(RejectedException.invalid("spin", true, "not here"));
        assertEquals("spin=true, not here", refusal(() -> tuning.setIdle("spin")));
        api.forwarder().reject(null);
        assertEquals(Settings.DEFAULT, settings());
        assertEquals(List.of(), tuning.getChanges());
    }

    @Test
    void theAnnouncerIsToldOtherTimes() {
        tuning.setAnnouncementPeriodMs(10_000);
        tuning.setAnnouncementBurstMs(new long[] {0, 50});
        assertTrue(api.dataPlane().journal().contains("announcements at [0, 50], every 10000"));
        assertEquals("undone: announcementBurstMs [0, 100, 500, 1000, 2000, 5000] -> [0, 50]", tuning.undo());
        assertEquals(6, tuning.getAnnouncementBurstMs().length);
        tuning.reset();
        assertEquals(
                "announcements at [0, 100, 500, 1000, 2000, 5000], every 30000",
                api.dataPlane().journal().getLast());
    }

    @Test
    void theLogLevelChangesAndComesBack() {
        String before = tuning.getLogLevel();
        tuning.setLogLevel("debug");
        assertEquals("DEBUG", tuning.getLogLevel());
        tuning.reset();
        assertEquals(before, tuning.getLogLevel());
    }

    @Test
    void agentsAreShownOneByOne() {
        assertEquals(
                List.of("lo/0", "lo/1"),
                statistics.getAgents().stream()
                        .map(StatisticsMXBean.AgentStatistics::agent)
                        .sorted()
                        .toList());
        StatisticsMXBean.AgentStatistics first = statistics.getAgents().stream()
                .filter(agent -> agent.agent().equals("lo/0"))
                .findFirst()
                .orElseThrow();
        assertEquals(5, first.receivedPackets());
        assertEquals(9, first.dutyCycles());
        assertEquals(2.5, first.dutyCycleMaxUs());
        assertEquals(4, first.drops());
        assertEquals(6, statistics.getTableEntries());
        assertEquals(1_024, statistics.getTableEntriesMax());
        assertEquals(256, statistics.getHalfOpenConnectionsMax());
        assertEquals(3, statistics.getCounters().get("packets_received"));
    }

    private Settings settings() {
        return api.forwarder().settings();
    }

    private static String refusal(Executable change) {
        return assertThrows(IllegalArgumentException.class, change).getMessage();
    }
}
