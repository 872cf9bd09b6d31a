package io.gatun.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A set of hosts in network namespaces named {@code gatun-ID-HOST}, with a random id. Hosts on the bridge share one flat
 * L2 network; wires join two hosts directly. Needs root and iproute2.
 *
 * <p>{@link #close} removes all of it. When the JVM is killed before, the next {@link #open} of any JVM does.
 */
public final class Lab implements AutoCloseable {
    private static final RunDirectory RUN = new RunDirectory(Path.of("/run/gatun-lab"));

    private final String id;
    private final String name;
    private final Namespace switchNamespace;
    private final List<Host> hosts = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread onShutdown = new Thread(this::demolish, "lab-shutdown");
    private Optional<Switch> bridge = Optional.empty();
    private volatile boolean kept;

    private Lab(String id, String name) {
        this.id = id;
        this.name = name;
        this.switchNamespace = new Namespace(id, "sw");
    }

    /**
     * Opens an empty lab, after removing those whose JVM is gone.
     *
     * @param name for people, such as the test's; letters, digits, dots, - and _
     * @throws LabException when this process is not root
     */
    public static Lab open(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw LabException.invalid("name", "\"" + name + "\"", "must be 1-64 letters, digits, dots, - or _");
        }
        requireRoot();
        reapDead();
        Lab lab = new Lab(RUN.claim(Owner.self(), name), name);
        Runtime.getRuntime().addShutdownHook(lab.onShutdown);
        return lab;
    }

    /**
     * Removes the labs of JVMs that are gone, kept ones excepted.
     *
     * @return their ids
     */
    public static List<String> reapDead() {
        return new Reaper(RUN).reapDead();
    }

    /**
     * Removes a kept lab.
     *
     * @throws LabException when there is none of this id, or it is in use
     */
    public static void remove(String id) {
        requireRoot();
        new Reaper(RUN).remove(id);
    }

    /** The ids of the labs that were kept and not yet removed. */
    public static List<String> kept() {
        return RUN.ids().stream()
                .filter(id -> RUN.read(id).map(RunRecord::kept).orElse(false))
                .toList();
    }

    /** Eight hexadecimal digits. */
    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    /**
     * Adds a host with {@code eth0} on the bridge.
     *
     * @param addresses such as {@code 192.168.80.10/24}; may be none
     */
    public Host host(String hostName, String... addresses) {
        return host(hostName, LinkSpec.of(addresses));
    }

    /** Adds a host with one link on the bridge. */
    public Host host(String hostName, LinkSpec spec) {
        Host host = bare(hostName);
        Switch bridgeOfAll = bridge();
        Cable.End port = bridgeOfAll.port(hostName);
        Cable.End mine = host.end(spec);
        new Cable(port, mine, spec.queues(), spec.mtu()).lay();
        bridgeOfAll.plugIn(port);
        host.attach(spec, mine, port);
        return host;
    }

    /** Adds a host with {@code lo} only, to be wired. */
    public Host bare(String hostName) {
        Names.requireHost(hostName);
        if (find(hostName).isPresent()) {
            throw LabException.invalid("host", hostName, "exists already in lab " + name + ", choose another name");
        }
        Namespace namespace = create(new Namespace(id, hostName));
        Host host = new Host(namespace, hosts.size() + 1);
        hosts.add(host);
        host.boot();
        return host;
    }

    /**
     * Joins two hosts of this lab by a veth pair of their own, without a bridge.
     *
     * @throws LabException when the two specs differ in queues or MTU, which both ends share
     */
    public void wire(Host left, LinkSpec leftSpec, Host right, LinkSpec rightSpec) {
        if (leftSpec.queues() != rightSpec.queues() || leftSpec.mtu() != rightSpec.mtu()) {
            throw LabException.invalid(
                    "queues,mtu",
                    leftSpec.queues() + "," + leftSpec.mtu() + "/" + rightSpec.queues() + "," + rightSpec.mtu(),
                    "both ends of a wire must agree");
        }
        if (left == right || !hosts.contains(left) || !hosts.contains(right)) {
            throw LabException.invalid("wire", left.name() + "-" + right.name(), "must join two hosts of this lab");
        }
        Cable.End leftEnd = left.end(leftSpec);
        Cable.End rightEnd = right.end(rightSpec);
        new Cable(leftEnd, rightEnd, leftSpec.queues(), leftSpec.mtu()).lay();
        left.attach(leftSpec, leftEnd, rightEnd);
        right.attach(rightSpec, rightEnd, leftEnd);
    }

    /** Makes a link on the bridge that was deleted in its host again: as it was, but with another index. */
    public void remake(Host host, Link deleted) {
        Cable.End port = bridge().port(host.name());
        deleted.cable(port).lay();
        bridge().plugIn(port);
        deleted.configure();
    }

    /** In the order in which they were added. */
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    public Optional<Host> find(String hostName) {
        return hosts.stream().filter(host -> host.name().equals(hostName)).findFirst();
    }

    /** Makes {@link #close}, and the end of this JVM, leave everything in place, until {@link #remove}. */
    public void keep() {
        if (!kept) {
            RUN.append(id, RunRecord.keptLine());
            kept = true;
        }
    }

    /** How a person enters each host. */
    public String describe() {
        return Report.describe(this);
    }

    /** The state of every host, for a failed test: addresses, neighbours, link statistics, output of processes. */
    public String report() {
        return Report.of(this);
    }

    /**
     * Stops the processes and threads that were started in the hosts and deletes the namespaces.
     *
     * @throws LabException when something is left
     */
    @Override
    public void close() {
        if (!kept) {
            demolish();
        }
        if (!Thread.currentThread().equals(onShutdown)) {
            forgetShutdownHook();
        }
    }

    private void demolish() {
        if (kept || !closed.compareAndSet(false, true)) {
            return;
        }
        List<RuntimeException> failures = new ArrayList<>();
        hosts.forEach(Host::requestStop); // all at once, before the first is waited for
        for (Host host : hosts) {
            attempt(host::awaitStop, failures);
        }
        attempt(() -> RUN.read(id).ifPresent(new Reaper(RUN)::demolish), failures);
        attempt(this::requireNothingLeft, failures);
        if (!failures.isEmpty()) {
            LabException all = new LabException("lab=" + name + " (" + id + ") did not close cleanly: "
                    + failures.getFirst().getMessage());
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }

    private void requireNothingLeft() {
        List<String> left = new ArrayList<>();
        if (switchNamespace.exists()) {
            left.add(switchNamespace.name());
        }
        for (Host host : hosts) {
            if (host.ns().exists()) {
                left.add(host.namespace());
            }
            host.processes().stream()
                    .filter(LabProcess::alive)
                    .map(LabProcess::toString)
                    .forEach(left::add);
        }
        if (!left.isEmpty()) {
            throw LabException.invalid("left", left, "remove it by hand");
        }
    }

    private static void attempt(Runnable step, List<RuntimeException> failures) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private void forgetShutdownHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException alreadyShuttingDown) {
            // the hook runs now, and finds the lab closed
        }
    }

    private Switch bridge() {
        if (bridge.isEmpty()) {
            Switch made = new Switch(create(switchNamespace));
            made.boot();
            bridge = Optional.of(made);
        }
        return bridge.get();
    }

    private Namespace create(Namespace namespace) {
        if (closed.get()) {
            throw LabException.invalid("lab", name, "is closed, open another");
        }
        if (namespace.exists()) {
            throw LabException.invalid("namespace", namespace.name(), "exists and is not ours, not touched");
        }
        RUN.append(id, RunRecord.namespaceLine(namespace));
        namespace.create();
        return namespace;
    }

    private static void requireRoot() {
        if (!isRoot()) {
            throw LabException.invalid("user", System.getProperty("user.name"), "network namespaces need root");
        }
    }

    /** Whether this process may make network namespaces, as far as its user id tells. */
    public static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
