package io.gatun.lab.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.gatun.lab.Lab;
import io.gatun.lab.LabException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the sample classes below by a launcher of its own; Surefire does not pick nested classes up. */
class LabExtensionTest {
    private static final List<Lab> SEEN = new ArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    @LabTest
    void eachTestGetsALabOfItsOwnThatIsClosed() {
        assertEquals(2, execute(OnePerTest.class).getTestsSucceededCount());
        assertEquals(2, SEEN.size());
        assertNotSame(SEEN.get(0), SEEN.get(1));
        SEEN.forEach(LabExtensionTest::assertClosed);
    }

    @Test
    @LabTest
    void labOfBeforeAllIsSharedByTheClass() {
        assertEquals(2, execute(OnePerClass.class).getTestsSucceededCount());
        assertEquals(3, SEEN.size());
        assertSame(SEEN.get(0), SEEN.get(1));
        assertSame(SEEN.get(0), SEEN.get(2));
        assertClosed(SEEN.get(0));
    }

    @Test
    @LabTest
    void failurePrintsTheStateOfEveryHostAsItWasInTheTest() {
        PrintStream stderr = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        TestExecutionSummary summary;
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            summary = execute(Failing.class);
        } finally {
            System.setErr(stderr);
        }

        String text = captured.toString(StandardCharsets.UTF_8);
        assertEquals(1, summary.getTestsFailedCount());
        assertTrue(text.contains("broken(Lab) failed: org.opentest4j.AssertionFailedError: on purpose"), text);
        for (String part : List.of("client: ip addr", "10.0.0.1/24", "client: ip neigh", "RX:", "last words")) {
            assertTrue(text.contains(part), part + " not in " + text);
        }
        assertEquals(text.indexOf("===== lab"), text.lastIndexOf("===== lab"), "printed once");
        assertClosed(SEEN.getFirst());
    }

    @Test
    void withoutRootATestIsSkippedUnlessABuildMachineRunsIt() {
        assertFalse(NeedsRoot.evaluate(true, true).isDisabled());
        ConditionEvaluationResult skipped = NeedsRoot.evaluate(false, false);
        assertTrue(skipped.isDisabled());
        assertEquals("needs root", skipped.getReason().orElseThrow());
        assertTrue(assertThrows(IllegalStateException.class, () -> NeedsRoot.evaluate(false, true))
                .getMessage()
                .startsWith("needs root; CI=true"));
    }

    private static TestExecutionSummary execute(Class<?> sample) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(sample))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    private static void assertClosed(Lab lab) {
        assertThrows(LabException.class, () -> lab.bare("late"));
    }

    @LabTest
    static class OnePerTest {
        @BeforeEach
        void prepare(Lab lab) {
            lab.bare("prepared");
        }

        @Test
        void first(Lab lab) {
            SEEN.add(lab);
            assertTrue(lab.find("prepared").isPresent());
        }

        @Test
        void second(Lab lab) {
            SEEN.add(lab);
            assertTrue(lab.find("prepared").isPresent());
        }
    }

    @LabTest
    static class OnePerClass {
        @BeforeAll
        static void prepare(Lab lab) {
            SEEN.add(lab);
        }

        @Test
        void first(Lab lab) {
            SEEN.add(lab);
        }

        @Test
        void second(Lab lab) {
            SEEN.add(lab);
        }
    }

    @LabTest
    static class Failing {
        @Test
        void broken(Lab lab) {
            SEEN.add(lab);
            lab.host("client", "10.0.0.1/24")
                    .start("sh", "-c", "echo last words; exec sleep 1000")
                    .awaitLine("last words", Duration.ofSeconds(10));
            fail("on purpose");
        }

        @AfterEach
        void change(Lab lab) {
            lab.find("client").orElseThrow().link("eth0").remove("10.0.0.1/24");
        }
    }
}
