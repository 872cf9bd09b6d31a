package io.gatun.ha.announce;

import io.gatun.ha.role.Role;
import io.gatun.ha.role.RoleListener;
import io.gatun.ha.wire.IpAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The announcer as other threads see it, for VIPs of both families. Each command returns at once with a future that
 * completes when the command is in force, normally within a millisecond: after a completed MASTER the VIP is answered,
 * after a completed BACKUP nothing more is sent for it. The future fails when the announcer is closed or stuck; nothing
 * else makes it fail unless its command says so.
 *
 * <p>0.0.0.0 and ::, the VIP of a service that has none, are accepted everywhere and never answered or announced.
 *
 * <p>Before a VIP becomes MASTER here its packets must have somewhere to go: the steering map is filled first.
 */
public final class AnnouncerProxy implements RoleListener {
    private final AnnouncerQueue queue;
    private final AnnouncerCounters counters;

    AnnouncerProxy(AnnouncerQueue queue, AnnouncerCounters counters) {
        this.queue = queue;
        this.counters = counters;
    }

    /** Adds a VIP in the role of the node, MASTER unless {@link #role(Role)} said otherwise. */
    public CompletableFuture<Void> addVip(InetAddress vip) {
        return command(vip, AnnouncerAgent::onAddVip);
    }

    /** Forgets a VIP: it is neither answered nor announced. */
    public CompletableFuture<Void> removeVip(InetAddress vip) {
        return command(vip, AnnouncerAgent::onRemoveVip);
    }

    /** The role of the node: of all VIPs that are there, and of those that are added later. MASTER announces anew. */
    public CompletableFuture<Void> role(Role role) {
        return command(agent -> agent.onRole(role));
    }

    /** The role of one VIP, which is added when it is new. MASTER announces it anew. */
    public CompletableFuture<Void> role(InetAddress vip, Role role) {
        return command(vip, (agent, address) -> agent.onRole(address, role));
    }

    /** Announces all VIPs that are ours, from the start of the schedule. */
    public CompletableFuture<Void> reannounce() {
        return command(AnnouncerAgent::onReannounce);
    }

    /** When VIPs that are ours are announced from now on. */
    public CompletableFuture<Void> announcements(AnnouncementTimes times) {
        return command(agent -> agent.onAnnouncementTimes(times));
    }

    /**
     * An interface has a carrier again: what its switch knew may be gone, so all VIPs that are ours are announced. One
     * that is new by its ifindex is answered on from now on; the future fails when it cannot be.
     *
     * @param link asked for on the announcer's thread, which may look up what the caller's must not wait for
     */
    public CompletableFuture<Void> linkUp(Supplier<AnnouncerInterface> link) {
        return command(agent -> agent.onLinkUp(link.get()));
    }

    /** An interface was deleted: nothing more is answered or announced there. */
    public CompletableFuture<Void> linkGone(int ifindex) {
        return command(agent -> agent.onLinkGone(ifindex));
    }

    /** Label to value of every {@link AnnouncerCounter}, in their order. */
    public Map<String, Long> counters() {
        return counters.snapshot();
    }

    /** One counter. */
    public long counter(AnnouncerCounter counter) {
        return counters.value(counter);
    }

    @Override
    public void onMaster(Set<InetAddress> vips) {
        onRole(vips, Role.MASTER);
    }

    @Override
    public void onBackup(Set<InetAddress> vips) {
        onRole(vips, Role.BACKUP);
    }

    @Override
    public void onReleased(Set<InetAddress> vips) {
        forEach(vips, AnnouncerAgent::onRemoveVip);
    }

    private void onRole(Set<InetAddress> vips, Role role) {
        forEach(vips, (agent, address) -> agent.onRole(address, role));
    }

    /** One command for all of them. */
    private void forEach(Set<InetAddress> vips, BiConsumer<AnnouncerAgent, IpAddress> action) {
        List<IpAddress> addresses = vips.stream()
                .map(IpAddress::of)
                .filter(address -> !address.isUnspecified())
                .toList();
        var _ = command(agent -> addresses.forEach(address -> action.accept(agent, address)));
    }

    /** A command on one VIP; nothing is to be done for an address of nobody. */
    private CompletableFuture<Void> command(InetAddress vip, BiConsumer<AnnouncerAgent, IpAddress> action) {
        IpAddress address = IpAddress.of(vip);
        return address.isUnspecified()
                ? CompletableFuture.completedFuture(null)
                : command(agent -> action.accept(agent, address));
    }

    private CompletableFuture<Void> command(Consumer<AnnouncerAgent> action) {
        CompletableFuture<Void> inForce = new CompletableFuture<>();
        queue.offer(new AnnouncerCommand(action, inForce));
        return inForce;
    }
}
