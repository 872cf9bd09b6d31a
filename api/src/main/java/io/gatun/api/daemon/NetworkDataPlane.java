package io.gatun.api.daemon;

import io.gatun.api.model.IpLiteral;
import io.gatun.forwarder.agent.ForwarderOptions;
import io.gatun.forwarder.agent.LeftBehind;
import io.gatun.forwarder.agent.LocalForwarder;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.warmup.WarmUp;
import io.gatun.ha.health.Prober;
import io.gatun.ha.health.Probers;
import io.gatun.ha.sync.ConnectionSync;
import io.gatun.ha.sync.SyncKey;
import io.gatun.ha.sync.SyncState;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The real one: AF_XDP or AF_PACKET forwards, the announcer answers ARP and neighbour solicitations. */
final class NetworkDataPlane implements DataPlane {
    private final Optional<WarmUp> warmUp;

    /** @param warmUp one that runs already, for the first forwarder */
    NetworkDataPlane(Optional<WarmUp> warmUp) {
        this.warmUp = warmUp;
    }

    @Override
    public Forwarder openForwarder(RunOptions options, Consumer<Throwable> onFailure) {
        try {
            return LocalForwarder.start(forwarderOptions(options), warmUp.orElseGet(WarmUp::start), onFailure);
        } catch (RejectedException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    @Override
    public VipOwner openVipOwner(RunOptions options, Forwarder forwarder) {
        return new AnnouncingVipOwner(forwarder, options);
    }

    @Override
    public AutoCloseable openSync(RunOptions options, Forwarder forwarder, Consumer<SyncState> listener) {
        RunOptions.Sync sync = options.sync();
        if (sync.peers().isEmpty()) {
            return () -> {};
        }
        SyncKey key = sync.key().map(NetworkDataPlane::key).orElse(null);
        try {
            Path directory = options.runDir().resolve("sync");
            return ConnectionSync.start(forwarder.exchange(), directory, sync.peers(), sync.port(), key, listener);
        } catch (RuntimeException e) {
            throw new StartException(
                    "connections cannot be exchanged on UDP port " + sync.port() + " (" + e.getMessage()
                            + "), stop what uses it or give --peer another port",
                    e);
        }
    }

    private static SyncKey key(Path file) {
        try {
            return SyncKey.read(file);
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    "--sync-key=" + file + ", " + e.getMessage() + ", give a file with a key that all nodes share", e);
        }
    }

    @Override
    public Prober openProber() {
        return new Probers();
    }

    @Override
    public List<String> detach(List<String> interfaces) {
        try {
            return LeftBehind.detach(interfaces);
        } catch (RejectedException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private static ForwarderOptions forwarderOptions(RunOptions options) {
        return new ForwarderOptions(
                options.interfaces(),
                options.runDir(),
                options.conntrackSize(),
                options.halfOpenMax(),
                options.halfOpenPerSource(),
                options.snat() == RunOptions.Snat.VIP ? ForwarderOptions.Snat.VIP : ForwarderOptions.Snat.NODE,
                options.snatAddress().map(NetworkDataPlane::ipv4).orElse(null),
                options.natPorts().map(RunOptions.PortRange::min).orElse(0),
                options.natPorts().map(RunOptions.PortRange::max).orElse(0),
                options.idle() == RunOptions.Idle.SPIN ? ForwarderOptions.Idle.SPIN : ForwarderOptions.Idle.POLL,
                options.agentPriority(),
                options.io(),
                options.whitelist().orElse(null),
                options.blacklist().orElse(null),
                !options.sync().peers().isEmpty());
    }

    private static Inet4Address ipv4(InetAddress address) {
        if (address instanceof Inet4Address ipv4) {
            return ipv4;
        }
        throw new StartException(
                "--snat-address=" + IpLiteral.text(address) + " is not supported yet, give an IPv4 address");
    }
}
