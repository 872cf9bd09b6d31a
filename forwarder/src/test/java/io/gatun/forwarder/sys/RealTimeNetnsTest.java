package io.gatun.forwarder.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Asks the kernel how a thread is scheduled. As root: others may not. */
@Tag("netns")
class RealTimeNetnsTest {
    /** Fields of proc_pid_stat(5) behind the name, which is the second: rt_priority is the 40th, policy the 41st. */
    private static final int RT_PRIORITY = 40 - 3;

    private static final int POLICY = 41 - 3;
    private static final String SCHED_OTHER = "0";
    private static final String SCHED_FIFO = "1";

    private final RealTime realTime = new RealTime(Libc.system());

    @Test
    void aThreadTakesAPriorityAndGivesItUp() throws Exception {
        assertEquals(0, realTime.take(3));
        String[] taken = stat();
        realTime.giveUp();
        assertEquals(SCHED_FIFO, taken[POLICY]);
        assertEquals("3", taken[RT_PRIORITY]);
        assertEquals(SCHED_OTHER, stat()[POLICY]);
    }

    @Test
    void whatItStartsDoesNotInherit() throws Exception {
        assertEquals(0, realTime.take(3));
        String[][] started = new String[1][];
        run(Thread::new, () -> started[0] = stat());
        realTime.giveUp();
        assertEquals(SCHED_OTHER, started[0][POLICY]);
    }

    @Test
    void threadsAreMadeWithOneOrSayWhyNot() throws Exception {
        String[][] made = new String[1][];
        List<Integer> refused = new ArrayList<>();
        run(RealTime.threads(Libc.system(), Thread::new, 100, refused::add), () -> made[0] = stat());
        assertEquals("99", made[0][RT_PRIORITY]);
        assertEquals(List.of(), refused);
        assertEquals("99", collector()[RT_PRIORITY]);
        run(RealTime.threads(Libc.system(), Thread::new, -1, refused::add), () -> made[0] = stat());
        assertEquals(SCHED_OTHER, made[0][POLICY]);
    }

    @Test
    void aPriorityThatThereIsNotIsRefused() {
        assertEquals(-Errno.EINVAL, realTime.take(100));
    }

    private static void run(ThreadFactory threads, Runnable work) throws InterruptedException {
        Thread thread = threads.newThread(work);
        thread.start();
        thread.join();
    }

    /** Of the thread that the serial collector runs on, which the tests' JVM has too. */
    private static String[] collector() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(thread -> thread.resolve("stat"))
                    .filter(stat -> line(stat).contains("(VM Thread)"))
                    .map(RealTimeNetnsTest::fields)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String[] stat() {
        return fields(Path.of("/proc/thread-self/stat"));
    }

    private static String[] fields(Path stat) {
        String line = line(stat);
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    private static String line(Path stat) {
        try {
            return Files.readString(stat);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
