package io.gatun.ha.announce;

import io.gatun.ha.role.Role;
import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.MacAddress;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers ARP and neighbour solicitations for the VIPs that are ours and announces them. The one owner of sockets, VIPs
 * and schedules.
 */
final class AnnouncerAgent implements Agent {
    /** Frames taken from one port per cycle: a flood of questions delays no command and no announcement. */
    static final int FRAMES_PER_CYCLE = 64;

    /** VIPs announced per cycle: a thousand new VIPs delay no answer, and overrun no send queue. */
    static final int VIPS_PER_CYCLE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncerAgent.class);

    private final AnnouncerPorts ports;
    private final NanoClock clock;
    private final AnnouncerQueue commands;
    private final AnnouncerCounters counters;
    private final VipTable vips;
    private final long freezeNs;
    private boolean ran;
    private boolean silent;
    private long silentUntilNs;
    private Role roleOfNewVips = Role.MASTER;
    private int nextVip;
    private long nowNs;

    /**
     * @param ports of all interfaces, with responders of these VIPs; owned by the agent from here on
     * @param vips empty; owned by the agent from here on
     * @param freezeNs after an absence longer than this, another node may have the VIPs: then the agent takes no frame
     *     and announces nothing for as long, in which its roles are told anew; 0 for a lone node
     */
    AnnouncerAgent(
            AnnouncerPorts ports,
            VipTable vips,
            NanoClock clock,
            AnnouncerQueue commands,
            AnnouncerCounters counters,
            long freezeNs) {
        this.ports = ports;
        this.vips = vips;
        this.clock = clock;
        this.commands = commands;
        this.counters = counters;
        this.freezeNs = freezeNs;
    }

    @Override
    public int doWork() {
        long lastNs = nowNs;
        nowNs = clock.nanoTime();
        noticeFreeze(lastNs);
        return obeyOneCommand() + readFrames() + (silent ? 0 : announceWhatIsDue());
    }

    private void noticeFreeze(long lastNs) {
        if (ran && freezeNs > 0 && nowNs - lastNs > freezeNs) {
            silent = true;
            silentUntilNs = nowNs + freezeNs;
        } else if (silent && nowNs - silentUntilNs >= 0) {
            silent = false;
        }
        ran = true;
    }

    private int obeyOneCommand() {
        AnnouncerCommand command = commands.poll();
        if (command == null) {
            return 0;
        }
        counters.increment(AnnouncerCounter.COMMANDS);
        command.run(this);
        return 1;
    }

    private int readFrames() {
        int count = 0;
        for (int i = 0; i < ports.size(); i++) {
            count += readFrames(ports.at(i));
        }
        return count;
    }

    private int readFrames(AnnouncerPort port) {
        int count = 0;
        for (int length = port.receive(); length > 0; length = port.receive()) {
            onFrame(port, length);
            if (++count == FRAMES_PER_CYCLE) {
                break;
            }
        }
        return count;
    }

    private void onFrame(AnnouncerPort port, int lengthBytes) {
        if (silent) {
            counters.increment(AnnouncerCounter.FROZEN);
            return;
        }
        Verdict verdict = port.judge(lengthBytes);
        counters.increment(verdict.counter());
        if (verdict.reaction().answers()) {
            port.answer();
        }
        if (verdict.reaction().defends()) {
            onClaim(port);
        }
    }

    private void onClaim(AnnouncerPort port) {
        Vip vip = port.claimed();
        if (vip.defence().onConflict(nowNs)) {
            counters.increment(port.labels().defended());
            LOG.warn(
                    "vip={} is claimed by mac={} on interface={}: announcing it again; {} more claims since the last"
                            + " defence. Two nodes are MASTER, or a host has the address: find that MAC",
                    vip,
                    new MacAddress(port.claimantMac()),
                    port.link().name(),
                    vip.defence().takeUnanswered());
            vip.reannounce(nowNs);
        }
    }

    private int announceWhatIsDue() {
        int count = 0;
        for (int seen = 0; seen < vips.size() && count < VIPS_PER_CYCLE; seen++) {
            nextVip = nextVip + 1 < vips.size() ? nextVip + 1 : 0;
            Vip vip = vips.at(nextVip);
            if (vip.announcementDue(nowNs)) {
                announce(vip.address());
                count++;
            }
        }
        return count;
    }

    private void announce(IpAddress vip) {
        boolean onLinkSomewhere = isOnLinkSomewhere(vip);
        for (int i = 0; i < ports.size(); i++) {
            AnnouncerPort port = ports.at(i);
            if (port.speaksFor(vip) && (!onLinkSomewhere || port.link().isOnLink(vip))) {
                port.announce(vip);
            }
        }
    }

    private boolean isOnLinkSomewhere(IpAddress vip) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.at(i).link().isOnLink(vip)) {
                return true;
            }
        }
        return false;
    }

    void onAddVip(IpAddress address) {
        onRole(findOrAdd(address), roleOfNewVips);
    }

    void onRemoveVip(IpAddress address) {
        Vip vip = vips.find(address);
        if (vip != null) {
            vips.remove(vip);
            ports.onRemoved(address);
        }
    }

    private Vip findOrAdd(IpAddress address) {
        Vip known = vips.find(address);
        if (known != null) {
            return known;
        }
        ports.onAdded(address);
        return vips.add(address);
    }

    void onRole(IpAddress address, Role role) {
        onRole(findOrAdd(address), role);
    }

    void onRole(Role role) {
        roleOfNewVips = role;
        for (int i = 0; i < vips.size(); i++) {
            onRole(vips.at(i), role);
        }
    }

    private void onRole(Vip vip, Role role) {
        if (role == Role.MASTER) {
            vip.onMaster(nowNs);
        } else {
            vip.onBackup();
        }
    }

    void onReannounce() {
        for (int i = 0; i < vips.size(); i++) {
            vips.at(i).reannounce(nowNs);
        }
    }

    void onAnnouncementTimes(AnnouncementTimes times) {
        vips.announcements(times, nowNs);
    }

    void onLinkUp(AnnouncerInterface link) {
        if (!ports.has(link.ifindex())) {
            ports.open(link);
        }
        LOG.info("interface={} is up: announcing {} VIPs", link.name(), vips.size());
        onReannounce();
    }

    void onLinkGone(int ifindex) {
        ports.close(ifindex);
    }

    @Override
    public void onClose() {
        commands.close();
        ports.close();
    }

    @Override
    public String roleName() {
        return "gatun-announcer";
    }
}
