package io.gatun.api.daemon;

import io.gatun.forwarder.control.Forwarder;
import io.gatun.ha.health.Prober;
import io.gatun.ha.sync.SyncState;
import java.util.List;
import java.util.function.Consumer;

/** Makes the parts that touch the network. One implementation forwards packets, the tests' only remembers. */
public interface DataPlane {
    /**
     * Attaches to the interfaces and starts to forward; no service is there yet.
     *
     * @param onFailure to be told, at most once and from any thread, that forwarding has ended by itself; the daemon
     *     then stops with exit code 1
     * @throws StartException when arguments or environment forbid it; then nothing is left attached
     */
    Forwarder openForwarder(RunOptions options, Consumer<Throwable> onFailure);

    /**
     * Makes the part that answers for VIPs; it answers for none yet.
     *
     * @param forwarder what {@link #openForwarder} returned
     */
    VipOwner openVipOwner(RunOptions options, Forwarder forwarder);

    /**
     * Begins to exchange connections with the peers that were named; without any it does nothing.
     *
     * @param listener told how much of their connections is here, whenever that changes
     * @return what ends it
     */
    default AutoCloseable openSync(RunOptions options, Forwarder forwarder, Consumer<SyncState> listener) {
        return () -> {};
    }

    /** Makes what asks endpoints whether they are well. */
    Prober openProber();

    /**
     * Removes what a Gatun that died left on interfaces.
     *
     * @param interfaces their names; empty for all interfaces of this network namespace
     * @return the names of those that had something of ours
     * @throws StartException when one of them is in use by a running Gatun
     */
    List<String> detach(List<String> interfaces);
}
