package io.gatun.bench.peers;

import io.gatun.bench.traffic.Cpu;
import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running {@link GatunNode}, or {@link RingsNode}. */
final class GatunProcess implements Contender.Running {
    private static final Logger LOG = LoggerFactory.getLogger(GatunProcess.class);
    /** How the threads of the queues begin; one more is there for the local pair, which carries nothing here. */
    private static final String AGENT = "forwarder " + Testbed.DEVICE;

    private static final int COUNTERS_TAIL = 60;
    private static final Duration START_TIME = Duration.ofSeconds(60);

    private final Host host;
    private final LabProcess process;
    private final TaskClock clock;
    private final String note;

    private GatunProcess(Host host, LabProcess process, String note) {
        this.host = host;
        this.process = process;
        this.clock = new TaskClock(process.pid());
        this.note = note;
    }

    /** Starts one, on all CPUs, and returns when it forwards. */
    static GatunProcess start(Host host, GatunNode.Arguments arguments) {
        return start(host, GatunNode.class, arguments.words());
    }

    /** Starts another main class that prints {@code ready} when it forwards. */
    static GatunProcess start(Host host, Class<?> main, String... words) {
        List<String> command = JavaCommand.of(main, words); // with the flags of this JVM
        LabProcess process = host.start(ProcessSpec.of(command).named("gatun"));
        return new GatunProcess(
                host, process, process.awaitLine("^ready", START_TIME).substring("ready ".length()));
    }

    /** Binds all of its threads, and those that they start, to these CPUs. */
    void bind(List<Cpu> cpus) {
        String list = cpus.stream().map(cpu -> Integer.toString(cpu.number())).collect(Collectors.joining(","));
        host.exec("taskset", "--all-tasks", "--cpu-list", "--pid", list, Long.toString(process.pid()));
    }

    /** Puts a thread before all else on its CPU, as an agent does that has a priority. */
    void prioritise(String thread, int priority) {
        for (int each : threads(thread)) {
            host.exec("chrt", "--fifo", "--reset-on-fork", "--pid", Integer.toString(priority), Integer.toString(each));
        }
    }

    /** Binds the agent of the i-th queue to the i-th CPU. They were started in the order of their queues. */
    void pinAgents(List<Cpu> cpus) {
        List<Integer> agents = threads(AGENT);
        if (agents.size() != cpus.size()) {
            throw new IllegalStateException(agents.size() + " threads are named " + AGENT + ", queues: " + cpus.size());
        }
        Collections.sort(agents);
        for (int i = 0; i < agents.size(); i++) {
            cpus.get(i).pin(agents.get(i));
        }
    }

    @Override
    public long cpuNs() {
        return clock.cpuNs();
    }

    @Override
    public long compilingNs() {
        return threads("C1 Compiler", "C2 Compiler").stream()
                .mapToLong(thread -> TaskClock.ofThread(process.pid(), thread).cpuNs())
                .sum();
    }

    /** Ids of the threads whose names begin so. */
    private List<Integer> threads(String... names) {
        List<Integer> found = new ArrayList<>();
        Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                String name = Files.readString(thread.resolve("comm"));
                if (Stream.of(names).anyMatch(name::startsWith)) {
                    found.add(Integer.valueOf(String.valueOf(thread.getFileName())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + tasks, e);
        }
        return found;
    }

    @Override
    public String note() {
        return note;
    }

    @Override
    public void close() {
        process.terminate();
        process.tail(COUNTERS_TAIL).forEach(line -> LOG.debug("{}", line));
    }
}
