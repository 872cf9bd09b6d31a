package io.gatun.ha.announce;

import io.gatun.ha.wire.IpAddress;

/** One VIP: whether it is ours, and when it is next announced. */
final class Vip {
    private final IpAddress address;
    private final AnnouncementSchedule schedule;
    private final ConflictDefence defence = new ConflictDefence();
    private boolean master;

    /** The next of those whose addresses have the same hash in the table; null at the end. */
    Vip nextInTable;

    Vip(IpAddress address, AnnouncementTimes times) {
        this.address = address;
        schedule = new AnnouncementSchedule(times);
    }

    IpAddress address() {
        return address;
    }

    boolean isMaster() {
        return master;
    }

    /** Ours, also when it was before: the burst begins anew. */
    void onMaster(long nowNs) {
        master = true;
        schedule.start(nowNs);
    }

    void onBackup() {
        master = false;
        schedule.stop();
    }

    /** Announces from the start again, when it is ours. */
    void reannounce(long nowNs) {
        if (master) {
            schedule.start(nowNs);
        }
    }

    void announcements(AnnouncementTimes times, long nowNs) {
        schedule.times(times, nowNs);
    }

    boolean announcementDue(long nowNs) {
        return schedule.due(nowNs);
    }

    ConflictDefence defence() {
        return defence;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
