package io.gatun.api.testkit;

import io.gatun.api.bfd.BfdSessions;
import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.RunOptions;
import io.gatun.api.daemon.VipOwner;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.ha.announce.AnnouncementTimes;
import io.gatun.ha.health.Prober;
import io.gatun.ha.role.Role;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A data plane that writes down what it is told, in order. */
public final class FakeDataPlane implements DataPlane {
    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final FakeForwarder forwarder = new FakeForwarder(journal);
    private final FakeProber prober = new FakeProber();
    private final FakeBfd sessions = new FakeBfd();
    private final RejectedException rejection;

    public FakeDataPlane() {
        this(null);
    }

    /** One whose forwarder refuses every service from the start. */
    public FakeDataPlane(RejectedException rejection) {
        this.rejection = rejection;
    }

    public FakeForwarder forwarder() {
        return forwarder;
    }

    /** What happened, one line each. */
    public List<String> journal() {
        return journal;
    }

    @Override
    public Forwarder openForwarder(RunOptions options, Consumer<Throwable> onFailure) {
        journal.add("forwarder opened on " + String.join(",", options.interfaces()));
        forwarder.reject(rejection);
        return forwarder;
    }

    @Override
    public VipOwner openVipOwner(RunOptions options, Forwarder opened) {
        return new JournalVipOwner(journal, sessions);
    }

    @Override
    public Prober openProber() {
        return prober;
    }

    /** The BFD session with 192.168.80.6. */
    public FakeBfd sessions() {
        return sessions;
    }

    /** Who does not answer, of all that are probed. */
    public FakeProber prober() {
        return prober;
    }

    @Override
    public List<String> detach(List<String> interfaces) {
        return interfaces;
    }

    private record JournalVipOwner(List<String> journal, BfdSessions bfd) implements VipOwner {
        @Override
        public void vips(Map<InetAddress, String> instances) {
            journal.add("vips "
                    + instances.entrySet().stream()
                            .map(entry -> entry.getKey().getHostAddress() + "=" + entry.getValue())
                            .toList());
        }

        @Override
        public void role(String instance, Role state) {
            journal.add("role " + instance + " " + state);
        }

        @Override
        public void announcements(AnnouncementTimes times) {
            journal.add("announcements at " + times.burstMs() + ", every " + times.periodMs());
        }

        @Override
        public void close() {
            journal.add("vip owner closed");
        }
    }
}
