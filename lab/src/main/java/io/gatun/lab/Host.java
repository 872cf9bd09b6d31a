package io.gatun.lab;

import io.gatun.lab.sys.NetworkNamespace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** A network namespace that plays a machine: {@code lo}, links, processes and threads. */
public final class Host {
    /** Code that may throw whatever it likes. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    private final Namespace namespace;
    private final int ordinal;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final List<LabProcess> processes = new CopyOnWriteArrayList<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    Host(Namespace namespace, int ordinal) {
        this.namespace = namespace;
        this.ordinal = ordinal;
    }

    /** As given to the lab. */
    public String name() {
        return namespace.host();
    }

    /** As {@code ip netns} knows it: {@code gatun-ID-NAME}. */
    public String namespace() {
        return namespace.name();
    }

    public List<Link> links() {
        return List.copyOf(links);
    }

    /**
     * The link of this device name.
     *
     * @throws LabException when there is none
     */
    public Link link(String device) {
        return links.stream()
                .filter(link -> link.name().equals(device))
                .findFirst()
                .orElseThrow(() -> LabException.invalid("link", device, name() + " has only " + links));
    }

    /** The first address of the first link. */
    public InetAddress address() {
        return firstLink().address();
    }

    /** The MAC address of the first link. */
    public String mac() {
        return firstLink().mac();
    }

    /**
     * Runs a program to its end, 30 s at most.
     *
     * @throws LabException with all of stderr, on any exit code but 0
     */
    public ExecResult exec(String... command) {
        return exec(Arrays.asList(command));
    }

    public ExecResult exec(List<String> command) {
        return exec(Command.DEADLINE, command);
    }

    public ExecResult exec(Duration deadline, List<String> command) {
        return Command.require(Ip.exec(namespace, command), deadline);
    }

    /** As {@link #exec(String...)}, but any exit code is a result, also that of {@code ip} when there is no such program. */
    public ExecResult tryExec(String... command) {
        return tryExec(Command.DEADLINE, Arrays.asList(command));
    }

    public ExecResult tryExec(Duration deadline, List<String> command) {
        return Command.run(Ip.exec(namespace, command), deadline);
    }

    /** Starts a program that runs until it ends by itself, is stopped, or the lab is closed. */
    public LabProcess start(String... command) {
        return start(ProcessSpec.of(command));
    }

    public LabProcess start(ProcessSpec spec) {
        LabProcess process = LabProcess.start(namespace, spec);
        processes.add(process);
        return process;
    }

    /** All that were started, in that order, ended ones too. */
    public List<LabProcess> processes() {
        return List.copyOf(processes);
    }

    /** Runs {@code body} on a fresh thread inside the host, waits for it, and throws what it throws. */
    public <T> T call(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            NetworkNamespace.enter(namespace.file());
            return body.call();
        });
        Thread thread = tracked(task);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                default -> throw e;
            }
        }
    }

    /** As {@link #call}, without a result. */
    public void run(Body body) throws Exception {
        call(() -> {
            body.run();
            return null;
        });
    }

    /** Makes platform threads that live in the host from their first statement on; for executors and agents. */
    public ThreadFactory threads() {
        return body -> tracked(() -> {
            NetworkNamespace.enter(namespace.file());
            body.run();
        });
    }

    @Override
    public String toString() {
        return name() + " " + links;
    }

    Namespace ns() {
        return namespace;
    }

    void boot() {
        namespace.sysctl("ipv6/conf/all/accept_dad", "0");
        namespace.sysctl("ipv6/conf/default/accept_dad", "0");
        namespace.sysctl("ipv6/conf/all/keep_addr_on_down", "1");
        namespace.sysctl("ipv6/conf/default/keep_addr_on_down", "1");
        Ip.in(namespace, "link set dev lo up");
    }

    Cable.End end(LinkSpec spec) {
        if (links.stream().anyMatch(link -> link.name().equals(spec.device()))) {
            throw LabException.invalid("device", spec.device(), name() + " has it already, choose another name");
        }
        String mac =
                String.format(Locale.ROOT, "02:67:00:%02x:%02x:%02x", ordinal >> 8, ordinal & 0xff, links.size() + 1);
        return new Cable.End(namespace, spec.device(), mac);
    }

    void attach(LinkSpec spec, Cable.End mine, Cable.End peer) {
        Link link = new Link(namespace, spec, mine.mac(), peer.namespace(), peer.device());
        link.configure();
        links.add(link);
    }

    /** Asks all processes and threads that were started here to end, without waiting. */
    void requestStop() {
        processes.forEach(LabProcess::requestStop);
        threads.forEach(Thread::interrupt);
    }

    /** Waits 5 s for processes, then forces them, and 2 s for threads, which nothing can force. */
    void awaitStop() {
        processes.forEach(LabProcess::terminate);
        threads.forEach(this::awaitEnd);
    }

    private Thread tracked(Runnable body) {
        Thread thread = Thread.ofPlatform().daemon().name("netns-" + name()).unstarted(() -> {
            threads.add(Thread.currentThread());
            try {
                body.run();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        return thread;
    }

    private void awaitEnd(Thread thread) {
        try {
            if (!thread.join(Duration.ofSeconds(2))) {
                throw LabException.invalid("thread", thread.getName(), "ignores interruption, end it before the lab");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while closing host=" + name(), e);
        }
    }

    private Link firstLink() {
        if (links.isEmpty()) {
            throw LabException.invalid("host", name(), "has no link, attach it to the bridge or a wire");
        }
        return links.getFirst();
    }
}
